"""Statements on the past of groups: what evaluations changed, replayed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pyroaring import BitMap
from sqlalchemy import and_, or_, select, update

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.tenancy import MunicipalityId
from groups.memberships.models import Evaluation
from groups.memberships.queries import memberships_of

KEPT = timedelta(days=731)
"""How long it is kept who joined and who left, counted from the evaluation: 24 months.

Source: decision 23, memberships as bitmaps.
"""


@dataclass(frozen=True, slots=True)
class Interval:
    """A time for which a resident belonged to a group.

    `since` is None when it began before the history that is kept; `until` is None for the present.
    The evaluation by which it began is named as far as it is known.
    """

    since: datetime | None
    until: datetime | None
    began_by: UUID | None


async def evaluations_of(
    session: ReadSession,
    municipality: MunicipalityId,
    group_id: UUID,
    *,
    since: datetime | None,
    before: UUID | None,
    limit: int,
) -> Sequence[Evaluation]:
    """List the evaluations that changed a group after an instant, newest first."""
    statement = select(Evaluation).where(
        Evaluation.municipality_id == municipality, Evaluation.group_id == group_id
    )
    if since is not None:
        statement = statement.where(Evaluation.finished_at > since)
    if before is not None:
        statement = statement.where(Evaluation.id < before)
    return (await session.scalars(statement.order_by(Evaluation.id.desc()).limit(limit))).all()


async def members_at(
    session: ReadSession, municipality: MunicipalityId, group_id: UUID, instant: datetime
) -> BitMap | None:
    """Tell who belonged to a group at an instant, what happened at it included.

    Goes back from the present members. None: that is not kept any more, or there was no such group.
    """
    present = (await memberships_of(session, municipality, [group_id])).get(group_id)
    if present is None:
        return None
    members = present.slots
    for evaluation in await _evaluations(session, municipality, group_id, after=instant):
        if _is_forgotten(evaluation):
            return None
        members = (members - _slots(evaluation.joined_slots)) | _slots(evaluation.left_slots)
    return members


async def intervals_of(
    session: ReadSession, municipality: MunicipalityId, group_id: UUID, slot: int
) -> Sequence[Interval]:
    """List when a resident belonged to a group, the latest first, as far as it is kept."""
    present = (await memberships_of(session, municipality, [group_id])).get(group_id)
    intervals: list[Interval] = []
    until: datetime | None = None
    belongs = present is not None and slot in present.slots
    for evaluation in await _evaluations(session, municipality, group_id, after=None):
        if _is_forgotten(evaluation):
            break
        if belongs and slot in _slots(evaluation.joined_slots):
            intervals.append(Interval(evaluation.finished_at, until, evaluation.id))
            belongs = False
        elif not belongs and slot in _slots(evaluation.left_slots):
            until, belongs = evaluation.finished_at, True
    if belongs:
        intervals.append(Interval(None, until, None))
    return intervals


async def forget_changes(
    session: WriteSession, municipality: MunicipalityId, now: datetime
) -> None:
    """Forget who joined and left by evaluations older than that is kept; how many is kept."""
    await session.execute(
        update(Evaluation)
        .where(
            Evaluation.municipality_id == municipality,
            Evaluation.finished_at <= now - KEPT,
            or_(Evaluation.joined_slots.is_not(None), Evaluation.left_slots.is_not(None)),
        )
        .values(joined_slots=None, left_slots=None)
        .execution_options(synchronize_session=False)
    )


async def _evaluations(
    session: ReadSession, municipality: MunicipalityId, group_id: UUID, *, after: datetime | None
) -> Sequence[Evaluation]:
    of_group = and_(Evaluation.municipality_id == municipality, Evaluation.group_id == group_id)
    statement = select(Evaluation).where(of_group).order_by(Evaluation.id.desc())
    if after is not None:
        statement = statement.where(Evaluation.finished_at > after)
    return (await session.scalars(statement)).all()


def _is_forgotten(evaluation: Evaluation) -> bool:
    return (evaluation.joined > 0 and evaluation.joined_slots is None) or (
        evaluation.left > 0 and evaluation.left_slots is None
    )


def _slots(written: bytes | None) -> BitMap:
    return BitMap.deserialize(written) if written is not None else BitMap()
