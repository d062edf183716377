"""Bringing memberships in step with what evaluations found."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from pyroaring import BitMap

from backend.kernel.clock import Clock
from backend.kernel.db import WriteSession
from backend.kernel.outbox import publish_all, topic
from backend.kernel.tenancy import MunicipalityId
from groups.memberships import queries
from groups.memberships.models import GroupHold
from groups.memberships.outcomes import (
    NOBODY_YET,
    Changes,
    Delta,
    Evaluated,
    Outcome,
    Run,
    Stored,
)
from groups.memberships.recording import record

__all__ = ["CHANGED", "Changes", "Evaluated", "Outcome", "Run", "Stored", "reconcile"]

CHANGED = topic("group.membership_changed")
"""Residents joined or left groups; payload `{changes: [{groupId, evaluationId, joined, left}]}`."""
TOLD_AT_ONCE = 200
"""Most groups in one event."""


async def reconcile(
    session: WriteSession,
    municipality: MunicipalityId,
    outcomes: Sequence[Outcome],
    *,
    guarded: bool,
    clock: Clock,
) -> Mapping[UUID, Changes]:
    """Make the groups have exactly those whom the runs found, writing only what differs.

    `guarded`: a change that is too large waits for a person instead, and one that waited and is
    not too large any more is made. The caller holds the groups' rows; the memberships are held
    here, in the order of group ids, then the municipality's `resident_groups`.
    """
    await session.flush()  # a group that was only just added must be there for its evaluation
    ids = [outcome.run.of.group_id for outcome in outcomes]
    kept = await queries.stored(session, municipality, ids)
    waiting = await queries.holds(session, municipality, ids)
    now = clock()
    deltas = [Delta.between(kept.get(o.run.of.group_id, NOBODY_YET), o) for o in outcomes]
    too_large = [delta for delta in deltas if guarded and delta.is_too_large]
    held = {delta.run.of.group_id for delta in too_large}
    written = [d for d in deltas if d.is_recorded and d.run.of.group_id not in held]
    await record(session, municipality, written, now)
    await queries.hold(session, [d for d in too_large if not _waits(d, waiting)], now)
    await queries.let_go(session, municipality, [each for each in waiting if each not in held])
    told = [_told(delta) for delta in written if not delta.is_empty]
    portions = [told[at : at + TOLD_AT_ONCE] for at in range(0, len(told), TOLD_AT_ONCE)]
    events = [{"changes": portion} for portion in portions]
    await publish_all(session, municipality, CHANGED, events, now)
    return {
        delta.run.of.group_id: (
            delta.held_back() if delta.run.of.group_id in held else delta.applied()
        )
        for delta in deltas
    }


def _waits(delta: Delta, waiting: Mapping[UUID, GroupHold]) -> bool:
    """Tell whether exactly this change waits already."""
    hold = waiting.get(delta.run.of.group_id)
    if hold is None or hold.rule_version != delta.run.of.rule_version:
        return False
    return BitMap.deserialize(hold.proposed_slots) == delta.slots


def _told(delta: Delta) -> dict[str, object]:
    return {
        "groupId": str(delta.run.of.group_id),
        "evaluationId": str(delta.run.id),
        "joined": len(delta.joined),
        "left": len(delta.left),
    }
