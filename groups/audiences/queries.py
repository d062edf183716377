"""Statements on audiences; a slot is named to others only as the resident's id."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pyroaring import BitMap
from sqlalchemy import ColumnElement, Uuid, and_, any_, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from backend.kernel.db import ReadSession, WriteSession, raw_connection
from backend.kernel.tenancy import MunicipalityId
from groups.audiences.models import Audience, AudienceRecipient
from groups.audiences.rules import KEPT
from groups.definitions.models import ResidentGroup
from groups.definitions.rules import GroupState
from groups.memberships.models import EngineState, Evaluation, Membership

WRITE_RECIPIENTS = """
INSERT INTO audience_recipient (municipality_id, audience_id, ordinal, resident_id)
SELECT $1, $2, row_number() OVER (ORDER BY listed.slot) - 1, fact.resident_id
FROM unnest($3::integer[]) AS listed (slot)
JOIN resident_fact AS fact ON fact.municipality_id = $1 AND fact.slot = listed.slot
"""
RESIDENTS_AT = """
SELECT fact.resident_id
FROM unnest($2::integer[]) AS listed (slot)
CROSS JOIN LATERAL (
  SELECT resident_id FROM resident_fact
  WHERE municipality_id = $1 AND slot = listed.slot OFFSET 0
) AS fact
"""
"""One look-up for each: without statistics the planner would read the whole table for every page."""
COMPARE_AS_SETS = "SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '128MB'"
COMPARE_FREELY = "SET LOCAL enable_nestloop TO DEFAULT; SET LOCAL work_mem TO DEFAULT"
"""Row-level security hides from the planner how many rows there are; it would look up one by one."""


@dataclass(frozen=True, slots=True)
class GroupAsItStands:
    """A group's members, by which evaluation of which version of the rule, followed to when.

    `size_shown`: whether staff may see how many, where these are not too few.
    """

    group_id: UUID
    state: GroupState
    rule_version: int
    evaluation_id: UUID
    as_of: date
    size_shown: bool
    slots: BitMap


async def groups_as_they_stand(
    session: ReadSession, municipality: MunicipalityId, group_ids: Collection[UUID]
) -> Sequence[GroupAsItStands]:
    """Read groups and their members in one statement: each of one evaluation, never a mixture."""
    of_group = and_(
        Membership.municipality_id == ResidentGroup.municipality_id,
        Membership.group_id == ResidentGroup.id,
    )
    of_evaluation = and_(
        Evaluation.municipality_id == Membership.municipality_id,
        Evaluation.group_id == Membership.group_id,
        Evaluation.id == Membership.evaluation_id,
    )
    followed = func.coalesce(EngineState.as_of, Evaluation.as_of)
    rows = await session.execute(
        select(
            ResidentGroup.id,
            ResidentGroup.state,
            Evaluation.rule_version,
            Evaluation.id,
            func.greatest(Evaluation.as_of, followed),
            Membership.size_shown,
            Membership.slots,
        )
        .join(Membership, of_group)
        .join(Evaluation, of_evaluation)
        .join(
            EngineState, EngineState.municipality_id == ResidentGroup.municipality_id, isouter=True
        )
        .where(
            ResidentGroup.municipality_id == municipality,
            ResidentGroup.id == any_(literal(list(group_ids), ARRAY(Uuid()))),
        )
    )
    return [
        GroupAsItStands(
            id_, GroupState(state), version, evaluation, as_of, size_shown, _bitmap(slots)
        )
        for id_, state, version, evaluation, as_of, size_shown, slots in rows
    ]


async def state_of(
    session: ReadSession, municipality: MunicipalityId, group_id: UUID
) -> tuple[GroupState, int] | None:
    """Tell a group's state and its rule's version; None: there is no such group."""
    group = await session.get(ResidentGroup, (municipality, group_id))
    return None if group is None else (GroupState(group.state), group.current_version)


async def closed(session: ReadSession, municipality: MunicipalityId) -> BitMap:
    """Give the residents struck off, who may still stand in a group for a moment."""
    return await _gathered(
        session,
        "SELECT array_agg(slot) FROM resident_fact"
        " WHERE municipality_id = $1 AND closed_on IS NOT NULL",
        municipality,
    )


async def declared(session: ReadSession, municipality: MunicipalityId) -> BitMap:
    """Give everybody who lives here."""
    return await _gathered(
        session,
        "SELECT array_agg(slot) FROM resident_fact"
        " WHERE municipality_id = $1 AND closed_on IS NULL AND residence = 'declared'",
        municipality,
    )


async def slots_of(
    session: ReadSession, municipality: MunicipalityId, residents: Collection[UUID]
) -> BitMap:
    """Give the slots of residents who are not struck off; others are left out."""
    return await _gathered(
        session,
        "SELECT array_agg(slot) FROM resident_fact"
        " WHERE municipality_id = $1 AND closed_on IS NULL AND resident_id = ANY ($2::uuid[])",
        municipality,
        list(residents),
    )


async def residents_at(
    session: ReadSession, municipality: MunicipalityId, slots: Sequence[int]
) -> Sequence[UUID]:
    """Name the residents of slots, in the order of slots."""
    connection = await raw_connection(session)
    rows = await connection.fetch(RESIDENTS_AT, municipality, slots)
    return [row[0] for row in rows]


async def find(
    session: ReadSession, municipality: MunicipalityId, audience_id: UUID
) -> Audience | None:
    """Find an audience."""
    return await session.get(Audience, (municipality, audience_id))


async def write_recipients(
    session: WriteSession, municipality: MunicipalityId, audience_id: UUID
) -> int | None:
    """Write down each recipient of an audience unless that was done; counts them. None: no such.

    Holds the audience's row until commit.
    """
    audience = await session.get(Audience, (municipality, audience_id), with_for_update=True)
    if audience is None:
        return None
    if not await _has_recipients(session, municipality, audience_id):
        connection = await raw_connection(session)
        listed = _bitmap(audience.slots).to_array().tolist()
        await connection.execute(COMPARE_AS_SETS)
        written = await connection.execute(WRITE_RECIPIENTS, municipality, audience_id, listed)
        await connection.execute(COMPARE_FREELY)
        return int(written.split()[-1])  # the command's tag: INSERT 0 500000
    counting = select(func.count()).where(_recipients_of(municipality, audience_id))
    return await session.scalar(counting) or 0


async def recipients(
    session: ReadSession,
    municipality: MunicipalityId,
    audience_id: UUID,
    after_ordinal: int,
    limit: int,
) -> Sequence[UUID]:
    """List recipients in order, those after an ordinal (-1: from the first)."""
    rows = await session.scalars(
        select(AudienceRecipient.resident_id)
        .where(_recipients_of(municipality, audience_id), AudienceRecipient.ordinal > after_ordinal)
        .order_by(AudienceRecipient.ordinal)
        .limit(limit)
    )
    return rows.all()


async def forget(session: WriteSession, municipality: MunicipalityId, now: datetime) -> None:
    """Forget who was in audiences frozen longer ago than that is kept; that they were is kept."""
    old = and_(Audience.municipality_id == municipality, Audience.frozen_at <= now - KEPT)
    await session.execute(
        delete(AudienceRecipient).where(
            AudienceRecipient.municipality_id == municipality,
            AudienceRecipient.audience_id.in_(select(Audience.id).where(old)),
        )
    )
    nobody = BitMap().serialize()
    await session.execute(
        update(Audience).where(old, Audience.slots != nobody).values(slots=nobody)
    )


async def _has_recipients(
    session: ReadSession, municipality: MunicipalityId, audience_id: UUID
) -> bool:
    first = select(AudienceRecipient.ordinal).where(_recipients_of(municipality, audience_id))
    return await session.scalar(first.limit(1)) is not None


def _recipients_of(municipality: MunicipalityId, audience_id: UUID) -> ColumnElement[bool]:
    return and_(
        AudienceRecipient.municipality_id == municipality,
        AudienceRecipient.audience_id == audience_id,
    )


async def _gathered(session: ReadSession, statement: str, *arguments: object) -> BitMap:
    connection = await raw_connection(session)
    return BitMap(await connection.fetchval(statement, *arguments) or [])


def _bitmap(slots: bytes) -> BitMap:
    return BitMap.deserialize(slots)
