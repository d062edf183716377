"""Statements on evaluations and memberships; the caller holds the group's row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    ScalarSelect,
    Uuid,
    and_,
    exists,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.snapshots import table_of
from backend.kernel.tenancy import MunicipalityId
from groups.evaluation.sql import make_room, selection
from groups.language.tree import Node
from groups.memberships.models import Evaluation, Membership
from groups.memberships.rules import Cause

TABLE = table_of(Membership)
COMPARE_AS_SETS = text("SET LOCAL enable_nestloop = off")
COMPARE_FREELY = text("SET LOCAL enable_nestloop TO DEFAULT")
"""The planner knows nothing of a new group: for the few rows it expects it would compare everybody
with everybody, which took 35 s for 20,000 members instead of 0.5 s."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What is evaluated: one version of one group's rule."""

    municipality: MunicipalityId
    group_id: UUID
    rule_version: int
    rule: Node


@dataclass(frozen=True, slots=True)
class Run:
    """One evaluation: of what, why, for which civil day, started when."""

    id: UUID
    of: Evaluated
    cause: Cause
    as_of: date
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Changes:
    """What an evaluation found and changed, in residents."""

    members: int
    joined: int
    left: int


async def start(session: WriteSession, run: Run) -> None:
    """Write down that an evaluation runs; no other transaction sees it before it has finished."""
    await session.execute(
        insert(Evaluation).values(
            municipality_id=run.of.municipality,
            group_id=run.of.group_id,
            id=run.id,
            rule_version=run.of.rule_version,
            as_of=run.as_of,
            cause=run.cause.value,
            started_at=run.started_at,
            finished_at=run.started_at,
            joined=0,
            left=0,
            members=0,
        )
    )


async def finish(session: WriteSession, run: Run, changes: Changes, now: datetime) -> None:
    """Write down what an evaluation changed."""
    await session.execute(
        update(Evaluation)
        .where(
            Evaluation.municipality_id == run.of.municipality,
            Evaluation.group_id == run.of.group_id,
            Evaluation.id == run.id,
        )
        .values(
            finished_at=now,
            joined=changes.joined,
            left=changes.left,
            members=changes.members,
        )
    )


async def reconcile(session: WriteSession, run: Run) -> Changes:
    """Make the open memberships equal to those whom the rule holds for, writing only what differs.

    One statement: the rule is evaluated once, and the joins and the leaves see the same facts.
    """
    fitting = selection(run.of.municipality, run.of.rule, run.as_of).cte("fitting")
    joined, left = _join(run, fitting), _leave(run, fitting)
    await make_room(session)
    await session.execute(COMPARE_AS_SETS)
    counted = await session.execute(select(_rows_of(fitting), _rows_of(joined), _rows_of(left)))
    changes = Changes(*counted.one())
    await session.execute(COMPARE_FREELY)
    return changes


def _rows_of(rows: CTE) -> ScalarSelect[int]:
    return select(func.count()).select_from(rows).scalar_subquery()


def _join(run: Run, fitting: CTE) -> CTE:
    resident = fitting.c.resident_id
    belongs = exists().where(
        open_memberships(run.of.municipality, run.of.group_id), TABLE.c.resident_id == resident
    )
    provenance = {
        "municipality_id": literal(run.of.municipality),
        "group_id": literal(run.of.group_id),
        "evaluation_id": literal(run.id),
        "since": literal(run.started_at),
        "since_version": literal(run.of.rule_version),
    }
    rows = select(resident, *provenance.values()).where(~belongs.correlate(fitting))
    return (
        insert(TABLE)
        .from_select(["resident_id", *provenance], rows)
        .returning(TABLE.c.resident_id)
        .cte("joined")
    )


def _leave(run: Run, fitting: CTE) -> CTE:
    fits = exists().where(fitting.c.resident_id == TABLE.c.resident_id).correlate(TABLE)
    return (
        update(TABLE)
        .where(open_memberships(run.of.municipality, run.of.group_id), ~fits)
        .values(until=run.started_at, ended_by_evaluation_id=run.id)
        .returning(TABLE.c.resident_id)
        .cte("left")
    )


def open_memberships(municipality: MunicipalityId, group_id: UUID) -> ColumnElement[bool]:
    """Tell the memberships of those who belong to a group now from all others."""
    return and_(
        TABLE.c.municipality_id == municipality,
        TABLE.c.group_id == group_id,
        TABLE.c.until.is_(None),
    )


def residents_in_order() -> ColumnElement[Sequence[UUID]]:
    """Gather the residents of the memberships selected into one array, ordered by id."""
    gathered = func.array_agg(
        aggregate_order_by(TABLE.c.resident_id, TABLE.c.resident_id), type_=ARRAY(Uuid)
    )
    return func.coalesce(gathered, literal([], ARRAY(Uuid)))


async def close_all(
    session: WriteSession, municipality: MunicipalityId, group_id: UUID, now: datetime
) -> None:
    """End every open membership of a group that is followed no longer."""
    await session.execute(
        update(TABLE).where(open_memberships(municipality, group_id)).values(until=now)
    )


async def members_of(
    session: ReadSession, municipality: MunicipalityId, group_id: UUID
) -> list[UUID]:
    """List the residents who belong to a group now, ordered by id."""
    gathering = select(residents_in_order()).where(open_memberships(municipality, group_id))
    return list((await session.scalars(gathering)).one())
