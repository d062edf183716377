"""Statements on devices and browsers.

Locks are taken in this order: the resident's, the value's (both advisory, until commit), rows.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, any_, func, literal, null, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.tenancy import MunicipalityId
from notifications.channels.ports import Channel
from notifications.devices.models import Device, PushEndpoint, WebPushSubscription

E = TypeVar("E", bound=PushEndpoint)

TABLES: Mapping[Channel, type[PushEndpoint]] = {
    Channel.PUSH: Device,
    Channel.WEB_PUSH: WebPushSubscription,
}


async def lock_owner_and_value(
    session: WriteSession, municipality: MunicipalityId, resident_id: UUID, digest: bytes
) -> None:
    """Serialise registrations of one resident, and those of one value by different residents."""
    for name in (f"device-owner:{resident_id}", f"device-value:{digest.hex()}"):
        key = func.hashtextextended(f"{municipality}:{name}", 0)
        await session.execute(select(func.pg_advisory_xact_lock(key)))


async def lock_endpoint(
    session: WriteSession, kind: type[E], municipality: MunicipalityId, endpoint: UUID
) -> E | None:
    """Give a device or browser, live or removed, with its row locked until commit."""
    return await session.get(kind, (municipality, endpoint), with_for_update=True)


async def count_live(
    session: ReadSession, kind: type[E], municipality: MunicipalityId, resident_id: UUID
) -> int:
    """Count what a resident has that is not removed."""
    live = select(func.count()).where(*_live(kind, municipality), kind.resident_id == resident_id)
    return await session.scalar(live) or 0


async def list_live(
    session: ReadSession, kind: type[E], municipality: MunicipalityId, resident_id: UUID
) -> Sequence[E]:
    """List what a resident has that is not removed, the first registered first."""
    rows = await session.scalars(
        select(kind)
        .where(*_live(kind, municipality), kind.resident_id == resident_id)
        .order_by(kind.registered_at, kind.id)
    )
    return rows.all()


async def release_value(
    session: WriteSession,
    kind: type[E],
    municipality: MunicipalityId,
    digest: bytes,
    *,
    but: UUID,
    reason: str,
    now: datetime,
) -> Collection[UUID]:
    """Take a token or URL away from any other row that holds it; gives the residents it was of."""
    residents = await session.scalars(
        update(kind)
        .where(*_live(kind, municipality), kind.value_digest == digest, kind.id != but)
        .values(removed_at=now, removed_reason=reason, **_erased(kind))
        .returning(kind.resident_id)
    )
    return residents.all()


async def remove_endpoints(
    session: WriteSession,
    channel: Channel,
    municipality: MunicipalityId,
    endpoint_ids: Collection[UUID],
    *,
    reason: str,
    now: datetime,
) -> Collection[UUID]:
    """Remove live endpoints by their current `endpoint_id`; gives the resident of each."""
    kind = TABLES[channel]
    removed = await session.scalars(
        update(kind)
        .where(*_live(kind, municipality), kind.endpoint_id == any_id(endpoint_ids))
        .values(removed_at=now, removed_reason=reason, **_erased(kind))
        .returning(kind.resident_id)
    )
    return removed.all()


async def sealed_endpoints(
    session: ReadSession,
    channel: Channel,
    municipality: MunicipalityId,
    resident_ids: Collection[UUID],
) -> Sequence[tuple[UUID, UUID, bytes, bytes | None]]:
    """List (resident, endpoint, value, keys) of many residents, all in one statement."""
    kind = TABLES[channel]
    keys: Any = WebPushSubscription.keys_sealed if channel is Channel.WEB_PUSH else null()
    rows = await session.execute(
        select(kind.resident_id, kind.endpoint_id, kind.value_sealed, keys)
        .where(*_live(kind, municipality), kind.resident_id == any_id(resident_ids))
        .order_by(kind.resident_id, kind.registered_at, kind.endpoint_id)
    )
    return [(row[0], row[1], row[2] or b"", row[3]) for row in rows]


async def residents_with(
    session: ReadSession,
    channel: Channel,
    municipality: MunicipalityId,
    resident_ids: Collection[UUID],
) -> frozenset[UUID]:
    """Tell which of many residents have at least one live endpoint of a channel."""
    kind = TABLES[channel]
    rows = await session.scalars(
        select(kind.resident_id)
        .where(*_live(kind, municipality), kind.resident_id == any_id(resident_ids))
        .distinct()
    )
    return frozenset(rows)


def any_id(ids: Collection[UUID]) -> ColumnElement[bool]:
    """Match any of many ids with one bound array, however many they are."""
    return any_(literal(list(ids), ARRAY(Uuid())))


def _erased(kind: type[PushEndpoint]) -> dict[str, None]:
    return dict.fromkeys(kind.SECRETS)


def _live(
    kind: type[PushEndpoint], municipality: MunicipalityId
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return kind.municipality_id == municipality, kind.removed_at.is_(None)
