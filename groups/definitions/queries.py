"""Statements on groups and their rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, insert, select

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.errors import Text as Words
from backend.kernel.tenancy import MunicipalityId
from groups.definitions.models import GroupRule, ResidentGroup
from groups.definitions.rules import NEEDS_A_PERSON, GroupState
from groups.evaluation.ports import Scope
from groups.language.encode import encode
from groups.language.things import Purpose
from groups.language.tree import Node
from groups.memberships.models import EngineState, Evaluation, GroupHold, Membership

ROSTER_LOCK = 7_302
"""First key of the advisory lock on which groups a municipality has, and what they refer to."""
FIRST = 1
"""The version of a new group, and of its rule."""


@dataclass(frozen=True, slots=True)
class NewGroup:
    """What a communicator says of a new group; residents see it only under a label."""

    name: Words
    description: str
    purpose: Purpose
    scope: Scope
    label: Words | None
    rule: Node


@dataclass(frozen=True, slots=True)
class Record:
    """A group with its present rule, its members, and the evaluation that last changed them.

    `members_shown`: whether staff may see how many there are, where they are not too few.
    `followed_on` is the civil day up to which the engine has followed the municipality.
    """

    group: ResidentGroup
    rule: GroupRule
    evaluation: Evaluation
    members: int
    members_shown: bool
    hold: GroupHold | None
    followed_on: date | None


async def find(
    session: ReadSession, municipality: MunicipalityId, group_id: UUID
) -> ResidentGroup | None:
    """Find a group."""
    return await session.get(ResidentGroup, (municipality, group_id))


async def lock(
    session: WriteSession, municipality: MunicipalityId, group_id: UUID
) -> ResidentGroup | None:
    """Find a group and hold its row until commit: its evaluations and edits follow one another."""
    return await session.get(ResidentGroup, (municipality, group_id), with_for_update=True)


async def hold_roster(session: WriteSession, municipality: MunicipalityId) -> None:
    """Hold back whoever else creates groups or makes them refer to one another, until commit."""
    await session.execute(select(func.pg_advisory_xact_lock(ROSTER_LOCK, municipality)))


async def share_roster(session: WriteSession, municipality: MunicipalityId) -> None:
    """Hold back who holds the roster, but not who shares it, until commit."""
    await session.execute(select(func.pg_advisory_xact_lock_shared(ROSTER_LOCK, municipality)))


async def insert_group(
    session: WriteSession,
    municipality: MunicipalityId,
    group_id: UUID,
    new: NewGroup,
    *,
    by: UUID,
    now: datetime,
) -> int:
    """Write a new, live group and give its number; its rule's first version is to follow."""
    statement = (
        insert(ResidentGroup)
        .values(
            municipality_id=municipality,
            id=group_id,
            name_lv=new.name.lv,
            name_en=new.name.en,
            label_lv=new.label.lv if new.label else None,
            label_en=new.label.en if new.label else None,
            description=new.description,
            purpose=new.purpose.value,
            scope=new.scope.value,
            state=GroupState.LIVE.value,
            state_since=now,
            current_version=FIRST,
            version=FIRST,
            created_by=by,
            created_at=now,
        )
        .returning(ResidentGroup.number)
    )
    return (await session.execute(statement)).scalar_one()


async def insert_rule(
    session: WriteSession,
    group: tuple[MunicipalityId, UUID, int],
    rule: Node,
    *,
    by: UUID,
    now: datetime,
) -> None:
    """Write one version of a group's rule, given municipality, group and version."""
    municipality, group_id, version = group
    await session.execute(
        insert(GroupRule).values(
            municipality_id=municipality,
            group_id=group_id,
            version=version,
            rule=encode(rule),
            created_by=by,
            created_at=now,
        )
    )


async def written_rules(session: ReadSession, municipality: MunicipalityId) -> Mapping[UUID, str]:
    """Give the present rule of every group that is not archived, as JSON text."""
    rows = await session.execute(
        select(ResidentGroup.id, cast(GroupRule.rule, Text))
        .join(GroupRule, _present_rule())
        .where(
            ResidentGroup.municipality_id == municipality,
            ResidentGroup.state != GroupState.ARCHIVED.value,
        )
    )
    return {row[0]: row[1] for row in rows}


async def written_rule(session: ReadSession, group: ResidentGroup) -> str:
    """Give the group's present rule as JSON text."""
    statement = select(cast(GroupRule.rule, Text)).where(
        GroupRule.municipality_id == group.municipality_id,
        GroupRule.group_id == group.id,
        GroupRule.version == group.current_version,
    )
    return (await session.execute(statement)).scalar_one()


async def record_of(
    session: ReadSession, municipality: MunicipalityId, group_id: UUID
) -> Record | None:
    """Find a group with all that is told of it."""
    row = (
        await session.execute(_records(municipality).where(ResidentGroup.id == group_id))
    ).one_or_none()
    return None if row is None else Record(*row)


async def page(
    session: ReadSession,
    municipality: MunicipalityId,
    before: UUID | None,
    limit: int,
    state: GroupState | None = None,
) -> list[Record]:
    """List groups, newest first, from before the cursor, all or those of one state."""
    statement = _records(municipality).order_by(ResidentGroup.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(ResidentGroup.id < before)
    if state is not None:
        statement = statement.where(ResidentGroup.state == state.value)
    return [Record(*row) for row in await session.execute(statement)]


async def needing_a_person(
    session: ReadSession, municipality: MunicipalityId, created_by: UUID | None, limit: int
) -> list[Record]:
    """List groups that wait for somebody, the latest to begin waiting first."""
    states = [state.value for state in NEEDS_A_PERSON]
    statement = _records(municipality).where(ResidentGroup.state.in_(states)).limit(limit)
    if created_by is not None:
        statement = statement.where(ResidentGroup.created_by == created_by)
    ordered = statement.order_by(ResidentGroup.state_since.desc(), ResidentGroup.id)
    return [Record(*row) for row in await session.execute(ordered)]


def _present_rule() -> ColumnElement[bool]:
    return and_(
        GroupRule.municipality_id == ResidentGroup.municipality_id,
        GroupRule.group_id == ResidentGroup.id,
        GroupRule.version == ResidentGroup.current_version,
    )


def _records(
    municipality: MunicipalityId,
) -> Select[ResidentGroup, GroupRule, Evaluation, int, bool, GroupHold, date]:
    followed = (
        select(EngineState.as_of)
        .where(EngineState.municipality_id == municipality)
        .scalar_subquery()
    )
    of_group = and_(
        Membership.municipality_id == ResidentGroup.municipality_id,
        Membership.group_id == ResidentGroup.id,
    )
    of_evaluation = and_(
        Evaluation.municipality_id == Membership.municipality_id,
        Evaluation.group_id == Membership.group_id,
        Evaluation.id == Membership.evaluation_id,
    )
    of_hold = and_(
        GroupHold.municipality_id == ResidentGroup.municipality_id,
        GroupHold.group_id == ResidentGroup.id,
    )
    return (
        select(
            ResidentGroup,
            GroupRule,
            Evaluation,
            Membership.size,
            Membership.size_shown,
            GroupHold,
            followed,
        )
        .join(GroupRule, _present_rule())
        .join(Membership, of_group)
        .join(Evaluation, of_evaluation)
        .join(GroupHold, of_hold, isouter=True)
        .where(ResidentGroup.municipality_id == municipality)
    )
