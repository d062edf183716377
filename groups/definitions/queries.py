"""Statements on groups and their rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, and_, func, insert, select

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.errors import Text
from backend.kernel.tenancy import MunicipalityId
from groups.definitions.models import GroupRule, ResidentGroup
from groups.definitions.rules import GroupState
from groups.language.encode import encode
from groups.language.tree import Node
from groups.memberships.models import Evaluation
from groups.memberships.queries import Evaluated

ROSTER_LOCK = 7_302
"""First key of the advisory lock on the list of a municipality's groups."""
FIRST = 1
"""The version of a new group, and of its rule."""


@dataclass(frozen=True, slots=True)
class NewGroup:
    """What a communicator says of a new group; residents see it only under a label."""

    name: Text
    purpose: str
    label: Text | None
    rule: Node


@dataclass(frozen=True, slots=True)
class Record:
    """A group with its present rule and its last evaluation."""

    group: ResidentGroup
    rule: GroupRule
    evaluation: Evaluation


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


async def insert_group(
    session: WriteSession,
    municipality: MunicipalityId,
    group_id: UUID,
    new: NewGroup,
    *,
    by: UUID,
    now: datetime,
) -> None:
    """Write a new, live group; its rule's first version is to follow."""
    await session.execute(
        insert(ResidentGroup).values(
            municipality_id=municipality,
            id=group_id,
            name_lv=new.name.lv,
            name_en=new.name.en,
            label_lv=new.label.lv if new.label else None,
            label_en=new.label.en if new.label else None,
            purpose=new.purpose,
            state=GroupState.LIVE.value,
            current_version=FIRST,
            version=FIRST,
            created_by=by,
            created_at=now,
        )
    )


async def insert_rule(
    session: WriteSession, evaluated: Evaluated, *, by: UUID, now: datetime
) -> None:
    """Write one version of a group's rule."""
    await session.execute(
        insert(GroupRule).values(
            municipality_id=evaluated.municipality,
            group_id=evaluated.group_id,
            version=evaluated.rule_version,
            rule=encode(evaluated.rule),
            created_by=by,
            created_at=now,
        )
    )


async def current_rule(session: ReadSession, group: ResidentGroup) -> GroupRule:
    """Give the group's current version of its rule."""
    key = (group.municipality_id, group.id, group.current_version)
    return await session.get_one(GroupRule, key)


async def join_roster(session: WriteSession, municipality: MunicipalityId) -> None:
    """Hold back whoever lists the live groups until the group created here is committed.

    Without it, a group created while an import commits is evaluated on the facts before the
    import, and yet missing from the list of those to be evaluated after it.
    """
    await session.execute(select(func.pg_advisory_xact_lock_shared(ROSTER_LOCK, municipality)))


async def live_groups(session: WriteSession, municipality: MunicipalityId) -> Sequence[UUID]:
    """List the groups that follow the data, those included whose creation is under way."""
    await session.execute(select(func.pg_advisory_xact_lock(ROSTER_LOCK, municipality)))
    statement = select(ResidentGroup.id).where(
        ResidentGroup.municipality_id == municipality, ResidentGroup.state == GroupState.LIVE.value
    )
    return (await session.scalars(statement.order_by(ResidentGroup.id))).all()


async def record_of(
    session: ReadSession, municipality: MunicipalityId, group_id: UUID
) -> Record | None:
    """Find a group with its rule and last evaluation."""
    row = (
        await session.execute(_records(municipality).where(ResidentGroup.id == group_id))
    ).one_or_none()
    return None if row is None else Record(*row)


async def page(
    session: ReadSession, municipality: MunicipalityId, before: UUID | None, limit: int
) -> list[Record]:
    """List groups, newest first, from before the cursor."""
    statement = _records(municipality).order_by(ResidentGroup.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(ResidentGroup.id < before)
    return [Record(*row) for row in await session.execute(statement)]


def _records(
    municipality: MunicipalityId,
) -> Select[ResidentGroup, GroupRule, Evaluation]:
    latest = (
        select(Evaluation.id)
        .where(
            Evaluation.municipality_id == ResidentGroup.municipality_id,
            Evaluation.group_id == ResidentGroup.id,
        )
        .order_by(Evaluation.id.desc())
        .limit(1)
        .correlate(ResidentGroup)
        .scalar_subquery()
    )
    of_rule = and_(
        GroupRule.municipality_id == ResidentGroup.municipality_id,
        GroupRule.group_id == ResidentGroup.id,
        GroupRule.version == ResidentGroup.current_version,
    )
    of_evaluation = and_(
        Evaluation.municipality_id == ResidentGroup.municipality_id,
        Evaluation.group_id == ResidentGroup.id,
        Evaluation.id == latest,
    )
    return (
        select(ResidentGroup, GroupRule, Evaluation)
        .join(GroupRule, of_rule)
        .join(Evaluation, of_evaluation)
        .where(ResidentGroup.municipality_id == municipality)
    )
