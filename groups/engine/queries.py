"""Statements on how far the engine has followed, and on what is left to follow."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from backend.kernel.db import ReadSession, WriteSession, fetch
from backend.kernel.tenancy import MunicipalityId, Tenants
from groups.changes.models import FactChange
from groups.memberships.models import EngineState
from groups.registry.models import SlotCounter

ADVANCE = """
UPDATE engine_state SET version = version + 1, as_of = $3, evaluated_at = $4
WHERE municipality_id = $1 AND version = $2
RETURNING version
"""


@dataclass(frozen=True, slots=True)
class Followed:
    """How far a municipality was followed: `version` counts the steps, `as_of` is their day."""

    version: int
    as_of: date


async def noted(session: ReadSession, municipalities: Tenants) -> frozenset[MunicipalityId]:
    """Name the municipalities of which something changed that was not followed yet."""
    rows = await session.scalars(
        select(FactChange.municipality_id)
        .where(FactChange.municipality_id.in_([int(each) for each in municipalities]))
        .distinct()
    )
    return frozenset(MunicipalityId(each) for each in rows)


async def sizes(session: ReadSession, municipalities: Tenants) -> Mapping[MunicipalityId, int]:
    """Give how many slots were ever taken, by municipality."""
    rows = await session.execute(
        select(SlotCounter.municipality_id, SlotCounter.next_slot).where(
            SlotCounter.municipality_id.in_([int(each) for each in municipalities])
        )
    )
    return {MunicipalityId(municipality): taken for municipality, taken in rows}


async def waiting_since(session: ReadSession) -> datetime | None:
    """Give the instant of the oldest change that was not followed yet."""
    return await session.scalar(select(func.min(FactChange.noted_at)))


async def hold(
    session: WriteSession, municipality: MunicipalityId, today: date, now: datetime
) -> Followed:
    """Tell how far a municipality was followed, and keep others from following until commit."""
    first = {"version": 0, "as_of": today, "evaluated_at": now}
    await session.execute(
        insert(EngineState).values(municipality_id=municipality, **first).on_conflict_do_nothing()
    )
    row = await session.execute(
        select(EngineState.version, EngineState.as_of)
        .where(EngineState.municipality_id == municipality)
        .with_for_update()
    )
    version, as_of = row.one()
    return Followed(version, as_of)


async def advance(
    session: WriteSession,
    municipality: MunicipalityId,
    known: Followed,
    as_of: date,
    now: datetime,
) -> Followed | None:
    """Count a step; None if another engine has made one since, and this one's columns are old."""
    place = int(municipality), known.version
    advanced = await fetch(session, ADVANCE, *place, as_of, now)
    return Followed(known.version + 1, as_of) if advanced else None
