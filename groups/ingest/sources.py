"""Use cases of registry sources: registered, rotated, switched, and recognised by signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from backend.kernel import audit
from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.ids import new_id
from backend.kernel.personal_data import Vault
from backend.kernel.principals import Principal
from backend.kernel.tenancy import MunicipalityId, municipality_code, municipality_id
from backend.kernel.webhooks import (
    Secrets,
    SignedMessage,
    WebhookRefused,
    check_signature,
    new_secret,
)
from groups.ingest import source_queries
from groups.ingest.errors import RegistryFeedConflict, RegistrySourceNotFound
from groups.ingest.models import RegistrySource

SUBJECT = "registry_source"
LABEL = "registry_source.secret"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a request says that it comes from; nothing of it is believed before the signature."""

    municipality: MunicipalityId
    source_id: UUID


@dataclass(frozen=True, slots=True)
class Registered:
    """A source with the secret that its owner must be given; it is never shown again."""

    source: RegistrySource
    secret: str


def address_of(source: RegistrySource) -> str:
    """Write what the source calls itself in its requests: `LV0044000.` and its id."""
    return f"{municipality_code(MunicipalityId(source.municipality_id))}.{source.id}"


def sender_of(text: str) -> Sender:
    """Read what a request says of its source.

    Raises:
        WebhookRefused: of no such form; answered like a source that does not exist.
    """
    code, _, source_id = text.partition(".")
    try:
        return Sender(municipality_id(code), UUID(source_id))
    except ValueError as error:
        raise WebhookRefused("webhook_signature_invalid") from error


async def recognise(
    session: WriteSession, sender: Sender, message: SignedMessage, *, vault: Vault, now: datetime
) -> RegistrySource:
    """Give the source that signed a message, and act on each message once.

    Raises:
        WebhookRefused: not known, disabled or not its signature; all are answered alike.
        RegistryFeedConflict: `registry_request_repeated`.
    """
    source = await source_queries.enabled_source(session, sender.municipality, sender.source_id)
    if source is None:
        raise WebhookRefused("webhook_signature_invalid")
    check_signature(message, _secrets(source, vault).valid_at(now))
    if not await source_queries.note_request(session, source, message.id, now):
        raise RegistryFeedConflict("registry_request_repeated")
    return source


async def register(
    session: WriteSession, actor: Principal, name: str, *, vault: Vault, now: datetime
) -> Registered:
    """Let another system send feeds of the actor's municipality.

    Raises:
        RegistrySourceExists: the name is taken.
    """
    secret = new_secret()
    source = RegistrySource(
        municipality_id=actor.municipality,
        id=new_id(),
        name=name,
        secret_sealed=vault.seal(secret, label=LABEL),
        previous_secret_sealed=None,
        previous_until=None,
        enabled=True,
        created_at=now,
    )
    await source_queries.add_source(session, source)
    audit.record(session, actor, "registry_source.register", (SUBJECT, source.id), now=now)
    return Registered(source, secret)


async def rotate_secret(
    session: WriteSession,
    actor: Principal,
    source_id: UUID,
    *,
    overlap: timedelta,
    vault: Vault,
    now: datetime,
) -> Registered:
    """Give a source a new secret; the one before it counts for `overlap` longer (0: not at all).

    Raises:
        RegistrySourceNotFound: no such source.
    """
    source = await _held(session, actor, source_id)
    fresh = _secrets(source, vault).rotated(new_secret(), now=now, overlap=overlap)
    source.secret_sealed = vault.seal(fresh.current, label=LABEL)
    source.previous_secret_sealed = (
        None if fresh.previous is None else vault.seal(fresh.previous, label=LABEL)
    )
    source.previous_until = fresh.previous_until
    audit.record(session, actor, "registry_source.rotate_secret", (SUBJECT, source.id), now=now)
    return Registered(source, fresh.current)


async def switch(
    session: WriteSession, actor: Principal, source_id: UUID, *, enabled: bool, now: datetime
) -> RegistrySource:
    """Let a source send feeds, or stop it at once.

    Raises:
        RegistrySourceNotFound: no such source.
    """
    source = await _held(session, actor, source_id)
    source.enabled = enabled
    audit.record(
        session,
        actor,
        "registry_source.switch",
        (SUBJECT, source.id),
        now=now,
        particulars={"enabled": enabled},
    )
    return source


async def listed(session: ReadSession, municipality: MunicipalityId) -> Sequence[RegistrySource]:
    """List the sources by name."""
    return await source_queries.sources(session, municipality)


async def _held(session: WriteSession, actor: Principal, source_id: UUID) -> RegistrySource:
    source = await source_queries.lock_source(session, actor.municipality, source_id)
    if source is None:
        raise RegistrySourceNotFound
    return source


def _secrets(source: RegistrySource, vault: Vault) -> Secrets:
    previous = source.previous_secret_sealed
    return Secrets(
        current=vault.open(source.secret_sealed, label=LABEL),
        previous=None if previous is None else vault.open(previous, label=LABEL),
        previous_until=source.previous_until,
    )
