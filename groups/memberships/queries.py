"""Statements on evaluations and memberships; the caller holds the groups' rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pyroaring import BitMap
from sqlalchemy import ColumnElement, Uuid, and_, any_, delete, insert, literal, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.tenancy import MunicipalityId
from groups.memberships.models import Evaluation, GroupHold, Membership
from groups.memberships.outcomes import Delta, Stored
from groups.memberships.regrouping import regroup


async def stored(
    session: WriteSession, municipality: MunicipalityId, group_ids: Sequence[UUID]
) -> Mapping[UUID, Stored]:
    """Read whom the groups have, and hold their memberships until commit, in the order of ids."""
    rows = await session.execute(
        select(Membership.group_id, Membership.version, Membership.slots)
        .where(Membership.municipality_id == municipality, _among(Membership.group_id, group_ids))
        .order_by(Membership.group_id)
        .with_for_update()
    )
    return {
        group_id: Stored(version, BitMap.deserialize(slots)) for group_id, version, slots in rows
    }


def _among(column: InstrumentedAttribute[UUID], ids: Iterable[UUID]) -> ColumnElement[bool]:
    return column == any_(literal(list(ids), ARRAY(Uuid())))


async def write(
    session: WriteSession, municipality: MunicipalityId, deltas: Sequence[Delta], now: datetime
) -> None:
    """Write evaluations, bitmaps and every resident's list of groups, all in step."""
    if not deltas:
        return
    await session.execute(insert(Evaluation), [_evaluation(delta, now) for delta in deltas])
    membership = postgresql.insert(Membership)
    await session.execute(
        membership.on_conflict_do_update(
            index_elements=[Membership.municipality_id, Membership.group_id],
            set_={
                name: membership.excluded[name]
                for name in ("slots", "size", "version", "evaluation_id")
            },
        ),
        [_membership(delta) for delta in deltas],
    )
    await regroup(session, municipality, deltas, now)


def _evaluation(delta: Delta, now: datetime) -> dict[str, object]:
    run = delta.run
    return {
        "municipality_id": run.of.municipality,
        "group_id": run.of.group_id,
        "id": run.id,
        "rule_version": run.of.rule_version,
        "as_of": run.as_of,
        "cause": run.cause.value,
        "started_at": now,
        "finished_at": now,
        "joined": len(delta.joined),
        "left": len(delta.left),
        "members": len(delta.slots),
        "counts_shown": True,
        "joined_slots": delta.joined.serialize() if delta.joined else None,
        "left_slots": delta.left.serialize() if delta.left else None,
    }


def _membership(delta: Delta) -> dict[str, object]:
    return {
        "municipality_id": delta.run.of.municipality,
        "group_id": delta.run.of.group_id,
        "slots": delta.slots.serialize(),
        "size": len(delta.slots),
        "size_shown": True,
        "version": delta.before.version + 1,
        "evaluation_id": delta.run.id,
    }


async def holds(
    session: ReadSession, municipality: MunicipalityId, group_ids: Sequence[UUID]
) -> Mapping[UUID, GroupHold]:
    """Find the changes of these groups that wait for a person."""
    rows = await session.scalars(
        select(GroupHold).where(
            GroupHold.municipality_id == municipality, _among(GroupHold.group_id, group_ids)
        )
    )
    return {row.group_id: row for row in rows}


async def hold(session: WriteSession, deltas: Sequence[Delta], now: datetime) -> None:
    """Keep changes for a person's decision; a newer proposal takes the place of an older one."""
    if not deltas:
        return
    proposal = postgresql.insert(GroupHold)
    newer = ("rule_version", "cause", "as_of", "proposed_slots", "joined", "left")
    await session.execute(
        proposal.on_conflict_do_update(
            index_elements=[GroupHold.municipality_id, GroupHold.group_id],
            set_={name: proposal.excluded[name] for name in newer},
        ),
        [
            {
                "municipality_id": delta.run.of.municipality,
                "group_id": delta.run.of.group_id,
                "rule_version": delta.run.of.rule_version,
                "cause": delta.run.cause.value,
                "as_of": delta.run.as_of,
                "held_at": now,
                "proposed_slots": delta.slots.serialize(),
                "joined": len(delta.joined),
                "left": len(delta.left),
            }
            for delta in deltas
        ],
    )


async def let_go(
    session: WriteSession, municipality: MunicipalityId, group_ids: Sequence[UUID]
) -> None:
    """Forget the changes of these groups that waited."""
    if group_ids:
        await session.execute(
            delete(GroupHold).where(
                GroupHold.municipality_id == municipality, _among(GroupHold.group_id, group_ids)
            )
        )


async def memberships_of(
    session: ReadSession, municipality: MunicipalityId, group_ids: Iterable[UUID]
) -> Mapping[UUID, Stored]:
    """Read the members of groups; a group without an evaluation is left out."""
    ids = list(group_ids)
    if not ids:
        return {}
    rows = await session.execute(
        select(Membership.group_id, Membership.version, Membership.slots).where(
            Membership.municipality_id == municipality, _among(Membership.group_id, ids)
        )
    )
    return {
        group_id: Stored(version, BitMap.deserialize(slots)) for group_id, version, slots in rows
    }


@dataclass(frozen=True, slots=True)
class LastChange:
    """Whom a group has, by which evaluation, and whom that let in and out."""

    group_id: UUID
    evaluation_id: UUID
    size_shown: bool
    slots: BitMap
    joined: BitMap
    left: BitMap


async def last_change(
    session: ReadSession, municipality: MunicipalityId, group_id: UUID
) -> LastChange:
    """Give the last change of a group that was evaluated."""
    by_evaluation = and_(
        Evaluation.municipality_id == Membership.municipality_id,
        Evaluation.group_id == Membership.group_id,
        Evaluation.id == Membership.evaluation_id,
    )
    columns = select(
        Membership.evaluation_id,
        Membership.size_shown,
        Membership.slots,
        Evaluation.joined_slots,
        Evaluation.left_slots,
    )
    of_group = and_(Membership.municipality_id == municipality, Membership.group_id == group_id)
    row = (await session.execute(columns.join(Evaluation, by_evaluation).where(of_group))).one()
    evaluation_id, size_shown, *sets = row
    slots, joined, left = (BitMap.deserialize(each) if each else BitMap() for each in sets)
    return LastChange(group_id, evaluation_id, size_shown, slots, joined, left)


async def put_shown(
    session: WriteSession,
    municipality: MunicipalityId,
    change: LastChange,
    *,
    size: bool,
    counts: bool,
) -> None:
    """Write down whether a group's size, and how many the last change moved, may be shown."""
    await session.execute(
        update(Membership)
        .where(Membership.municipality_id == municipality, Membership.group_id == change.group_id)
        .values(size_shown=size)
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        update(Evaluation)
        .where(
            Evaluation.municipality_id == municipality,
            Evaluation.group_id == change.group_id,
            Evaluation.id == change.evaluation_id,
        )
        .values(counts_shown=counts)
        .execution_options(synchronize_session=False)
    )
