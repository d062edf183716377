"""To which devices and browsers of many residents to push, for the planner and the engine."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.personal_data import Vault
from backend.kernel.tenancy import MunicipalityId
from groups.public import note_reach
from notifications.channels.ports import Channel, Endpoint
from notifications.devices import queries
from notifications.devices.sealing import open_keys, open_value


@dataclass(frozen=True, slots=True)
class SealedEndpoint:
    """One endpoint of one resident, still encrypted; `open_endpoint` opens it."""

    id: UUID
    value_sealed: bytes = field(repr=False)
    keys_sealed: bytes | None = field(default=None, repr=False)


async def endpoints_of(
    session: ReadSession,
    municipality: MunicipalityId,
    channel: Channel,
    resident_ids: Collection[UUID],
) -> Mapping[UUID, Sequence[SealedEndpoint]]:
    """Give the live endpoints of many residents on push or Web Push, in one statement.

    Residents without any are left out.
    """
    found: dict[UUID, list[SealedEndpoint]] = {}
    rows = await queries.sealed_endpoints(session, channel, municipality, resident_ids)
    for resident_id, endpoint_id, value, keys in rows:
        found.setdefault(resident_id, []).append(SealedEndpoint(endpoint_id, value, keys))
    return found


async def reachable(
    session: ReadSession, municipality: MunicipalityId, resident_ids: Collection[UUID]
) -> Mapping[Channel, frozenset[UUID]]:
    """Tell for push and Web Push which of many residents have a live endpoint."""
    return {
        channel: await queries.residents_with(session, channel, municipality, resident_ids)
        for channel in queries.TABLES
    }


async def remove_dead(
    session: WriteSession,
    municipality: MunicipalityId,
    channel: Channel,
    endpoint_ids: Collection[UUID],
    now: datetime,
    reason: str,
) -> int:
    """Remove endpoints that a provider called dead; returns how many were still in use.

    A device that has registered a new token meanwhile keeps it: its endpoint id is another.
    """
    removed = await queries.remove_endpoints(
        session, channel, municipality, endpoint_ids, reason=reason, now=now
    )
    await follow(session, municipality, channel, removed, now)
    return len(removed)


async def follow(
    session: WriteSession,
    municipality: MunicipalityId,
    channel: Channel,
    resident_ids: Collection[UUID],
    now: datetime,
) -> None:
    """Tell the groups which of these residents can be reached by the channel now, and which not."""
    if not resident_ids:
        return
    reached = await queries.residents_with(session, channel, municipality, resident_ids)
    for residents, reachable in ((reached, True), (frozenset(resident_ids) - reached, False)):
        if residents:
            await note_reach(
                session, municipality, residents, channel.value, reachable=reachable, now=now
            )


def open_endpoint(vault: Vault, sealed: SealedEndpoint) -> Endpoint:
    """Decrypt an endpoint for the channel that sends to it."""
    keys = open_keys(vault, sealed.keys_sealed) if sealed.keys_sealed is not None else None
    return Endpoint(sealed.id, open_value(vault, sealed.value_sealed), keys)
