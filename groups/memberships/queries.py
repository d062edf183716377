"""Statements on evaluations and memberships; the caller holds the groups' rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pyroaring import BitMap
from sqlalchemy import ColumnElement, Uuid, and_, any_, delete, literal, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute

from backend.kernel.db import ReadSession, WriteSession, fetch
from backend.kernel.tenancy import MunicipalityId
from groups.memberships.models import Evaluation, GroupHold, Membership
from groups.memberships.outcomes import Delta, Stored

HOLD_STORED = """
SELECT group_id, version, slots FROM membership
WHERE municipality_id = $1 AND group_id = ANY ($2) ORDER BY group_id FOR UPDATE
"""
ANY_HOLD = "SELECT 1 FROM group_hold WHERE municipality_id = $1 LIMIT 1"


async def stored(
    session: WriteSession, municipality: MunicipalityId, group_ids: Sequence[UUID]
) -> Mapping[UUID, Stored]:
    """Read whom the groups have, and hold their memberships until commit, in the order of ids."""
    return _stored(await fetch(session, HOLD_STORED, int(municipality), list(group_ids)))


def _stored(rows: Iterable[Sequence[Any]]) -> dict[UUID, Stored]:
    return {
        group_id: Stored(version, BitMap.deserialize(slots)) for group_id, version, slots in rows
    }


def _among(column: InstrumentedAttribute[UUID], ids: Iterable[UUID]) -> ColumnElement[bool]:
    return column == any_(literal(list(ids), ARRAY(Uuid())))


async def holds(
    session: ReadSession, municipality: MunicipalityId, group_ids: Sequence[UUID]
) -> Mapping[UUID, GroupHold]:
    """Find the changes of these groups that wait for a person."""
    if not await fetch(session, ANY_HOLD, int(municipality)):
        return {}
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
    return _stored(rows.all())


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
