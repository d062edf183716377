"""Statements on disclosures of members."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pyroaring import BitMap
from sqlalchemy import Select, and_, delete, select

from backend.kernel.db import ReadSession, WriteSession, raw_connection
from backend.kernel.tenancy import MunicipalityId
from groups.definitions.models import ResidentGroup
from groups.disclosures.models import MemberDisclosure
from groups.disclosures.rules import KEPT
from groups.registry.models import ResidentFact

READ_AT_ONCE = 50
MEMBERS_AT = """
SELECT fact.resident_id, belonging.since[array_position(belonging.numbers, $3)]
FROM unnest($2::integer[]) AS listed (slot)
CROSS JOIN LATERAL (
  SELECT resident_id FROM resident_fact
  WHERE municipality_id = $1 AND slot = listed.slot AND closed_on IS NULL OFFSET 0
) AS fact
LEFT JOIN LATERAL (
  SELECT numbers, since FROM resident_groups
  WHERE municipality_id = $1 AND slot = listed.slot OFFSET 0
) AS belonging ON true
"""
"""One look-up for each: without statistics the planner would read whole tables for every page."""


@dataclass(frozen=True, slots=True)
class Told:
    """A disclosure as a resident is told of it."""

    disclosure: MemberDisclosure
    group: ResidentGroup


async def find(
    session: ReadSession, municipality: MunicipalityId, disclosure_id: UUID
) -> MemberDisclosure | None:
    """Find a disclosure."""
    return await session.get(MemberDisclosure, (municipality, disclosure_id))


async def members_at(
    session: ReadSession, municipality: MunicipalityId, slots: Sequence[int], number: int
) -> Mapping[UUID, datetime | None]:
    """Name the open residents of slots, in order, each with since when they belong to the group."""
    connection = await raw_connection(session)
    rows = await connection.fetch(MEMBERS_AT, municipality, slots, number)
    return {row[0]: row[1] for row in rows}


async def slot_of(
    session: ReadSession, municipality: MunicipalityId, resident_id: UUID
) -> int | None:
    """Give the slot of a resident who has facts."""
    return await session.scalar(
        select(ResidentFact.slot).where(
            ResidentFact.municipality_id == municipality, ResidentFact.resident_id == resident_id
        )
    )


async def told_of(
    session: ReadSession, municipality: MunicipalityId, slot: int, now: datetime
) -> AsyncGenerator[Told]:
    """List the disclosures that the resident of a slot was in, the newest first."""
    statement: Select[MemberDisclosure, ResidentGroup] = (
        select(MemberDisclosure, ResidentGroup)
        .join(
            ResidentGroup,
            and_(
                ResidentGroup.municipality_id == MemberDisclosure.municipality_id,
                ResidentGroup.id == MemberDisclosure.group_id,
            ),
        )
        .where(
            MemberDisclosure.municipality_id == municipality,
            MemberDisclosure.disclosed_at > now - KEPT,
        )
        .order_by(MemberDisclosure.id.desc())
        .execution_options(yield_per=READ_AT_ONCE)
    )
    async for disclosure, group in await session.stream(statement):
        if slot in BitMap.deserialize(disclosure.slots):
            yield Told(disclosure, group)


async def forget(session: WriteSession, municipality: MunicipalityId, now: datetime) -> None:
    """Remove disclosures that residents are told of no longer."""
    await session.execute(
        delete(MemberDisclosure).where(
            MemberDisclosure.municipality_id == municipality,
            MemberDisclosure.disclosed_at <= now - KEPT,
        )
    )
