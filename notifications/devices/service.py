"""Residents register and remove devices and browsers; a token belongs to one of them at a time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from backend.kernel import audit
from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.errors import Fault, InvalidInput
from backend.kernel.ids import new_id
from backend.kernel.personal_data import Vault
from backend.kernel.principals import Principal
from notifications.channels.ports import Channel
from notifications.devices import queries
from notifications.devices.errors import DeviceNotFound, TooManyDevices
from notifications.devices.models import Device, PushEndpoint, WebPushSubscription
from notifications.devices.reach import follow
from notifications.devices.rules import (
    MOST_ENDPOINTS,
    Platform,
    Removal,
    TokenKind,
    auth_fault,
    endpoint_fault,
    public_key_fault,
)
from notifications.devices.sealing import seal_keys, seal_value, value_digest

E = TypeVar("E", bound=PushEndpoint)


@dataclass(frozen=True, slots=True)
class DeviceRegistration:
    """What an installation of the app tells of itself."""

    installation_id: UUID
    platform: Platform
    token_kind: TokenKind
    token: str = field(repr=False)
    app_version: str | None


@dataclass(frozen=True, slots=True)
class BrowserRegistration:
    """What a browser's subscription consists of."""

    subscription_id: UUID
    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)


def browser_registration(
    subscription_id: UUID, endpoint: str, keys: tuple[str, str], *, is_production: bool
) -> BrowserRegistration:
    """Accept a browser's subscription if it can be sent to.

    Raises:
        InvalidInput: names each fault of the URL and the keys.
    """
    findings = {
        "/endpoint": endpoint_fault(endpoint, is_production=is_production),
        "/keys/p256dh": public_key_fault(keys[0]),
        "/keys/auth": auth_fault(keys[1]),
    }
    faults = [Fault(where, "invalid_value", what) for where, what in findings.items() if what]
    if faults:
        raise InvalidInput(faults=faults)
    return BrowserRegistration(subscription_id, endpoint, *keys)


@dataclass(frozen=True, slots=True)
class Claim:
    """A resident's claim to an endpoint: under which id, and with which value."""

    owner: Principal
    identity: UUID
    value_digest: bytes
    value_sealed: bytes

    def is_held_by_owner(self, row: PushEndpoint | None) -> bool:
        """Tell whether the row is live and the claimant's own."""
        return (
            row is not None and row.removed_at is None and row.resident_id == self.owner.subject_id
        )


async def register_device(
    session: WriteSession,
    principal: Principal,
    registration: DeviceRegistration,
    *,
    vault: Vault,
    now: datetime,
) -> Device:
    """Keep a device of the resident with its present token; a repeat only renews `last_seen_at`.

    A token held by another installation or resident leaves it.

    Raises:
        DeviceNotFound: the installation is another resident's and the token is not its own.
        TooManyDevices: the resident has 20 others.
    """
    claim = _claim(principal, registration.installation_id, registration.token, vault)
    device, concerned = await _take(session, Device, claim, now)
    device.platform = registration.platform.value
    device.token_kind = registration.token_kind.value
    device.app_version = registration.app_version
    await follow(session, principal.municipality, Channel.PUSH, concerned, now)
    return device


async def register_browser(
    session: WriteSession,
    principal: Principal,
    registration: BrowserRegistration,
    *,
    vault: Vault,
    now: datetime,
) -> WebPushSubscription:
    """Keep a browser's subscription of the resident; the rules are those of a device.

    Raises:
        DeviceNotFound: the subscription is another resident's and the URL is not its own.
        TooManyDevices: the resident has 20 others.
    """
    claim = _claim(principal, registration.subscription_id, registration.endpoint, vault)
    browser, concerned = await _take(session, WebPushSubscription, claim, now)
    browser.keys_sealed = seal_keys(vault, registration.p256dh, registration.auth)
    await follow(session, principal.municipality, Channel.WEB_PUSH, concerned, now)
    return browser


async def remove(
    session: WriteSession, principal: Principal, channel: Channel, identity: UUID, now: datetime
) -> None:
    """Remove the resident's own device or browser; one already removed stays so.

    Raises:
        DeviceNotFound: no such one, or another resident's.
    """
    kind, municipality = queries.TABLES[channel], principal.municipality
    row = await queries.lock_endpoint(session, kind, municipality, identity)
    if row is None or row.resident_id != principal.subject_id:
        raise DeviceNotFound
    removed = await queries.remove_endpoints(
        session, channel, municipality, (row.endpoint_id,), reason=Removal.BY_RESIDENT, now=now
    )
    if removed:
        await follow(session, municipality, channel, removed, now)
        audit.record(session, principal, "device.removed", (channel.value, identity), now=now)


async def devices_of(session: ReadSession, principal: Principal) -> Sequence[Device]:
    """List the resident's own devices, the first registered first."""
    return await queries.list_live(session, Device, principal.municipality, principal.subject_id)


def _claim(principal: Principal, identity: UUID, value: str, vault: Vault) -> Claim:
    return Claim(principal, identity, value_digest(vault, value), seal_value(vault, value))


async def _take(
    session: WriteSession, kind: type[E], claim: Claim, now: datetime
) -> tuple[E, Collection[UUID]]:
    """Give the claimant's live row with the claimed value; released everywhere else.

    Also gives the residents who may have gained or lost the channel by it.
    """
    municipality, digest = claim.owner.municipality, claim.value_digest
    await queries.lock_owner_and_value(session, municipality, claim.owner.subject_id, digest)
    row = await queries.lock_endpoint(session, kind, municipality, claim.identity)
    await _require_claimable(session, kind, claim, row)
    bereft = await queries.release_value(
        session, kind, municipality, digest, but=claim.identity, reason=Removal.MOVED, now=now
    )
    former = row.resident_id if row is not None else claim.owner.subject_id
    concerned: set[UUID] = set()
    taken = row if row is not None else _new_row(session, kind, claim)
    if not claim.is_held_by_owner(row) or taken.value_digest != digest:
        _bind(session, taken, claim, now)
        concerned = {*bereft, former, claim.owner.subject_id}
    taken.last_seen_at = now
    return taken, concerned


async def _require_claimable(
    session: ReadSession, kind: type[E], claim: Claim, row: E | None
) -> None:
    if claim.is_held_by_owner(row):
        return
    # Who presents the very token of another resident's installation holds that phone.
    if row is not None and row.removed_at is None and row.value_digest != claim.value_digest:
        raise DeviceNotFound
    owner = claim.owner
    count = await queries.count_live(session, kind, owner.municipality, owner.subject_id)
    if count >= MOST_ENDPOINTS:
        raise TooManyDevices


def _new_row(session: WriteSession, kind: type[E], claim: Claim) -> E:
    row = kind()
    row.municipality_id, row.id = claim.owner.municipality, claim.identity
    session.add(row)
    return row


def _bind(session: WriteSession, row: PushEndpoint, claim: Claim, now: datetime) -> None:
    row.resident_id, row.endpoint_id = claim.owner.subject_id, new_id()
    row.value_sealed, row.value_digest = claim.value_sealed, claim.value_digest
    row.registered_at, row.removed_at, row.removed_reason = now, None, None
    channel = Channel.PUSH if isinstance(row, Device) else Channel.WEB_PUSH
    audit.record(session, claim.owner, "device.bound", (channel.value, claim.identity), now=now)
