"""Evaluating a group: memberships follow the facts, and each says by which evaluation."""

from datetime import date

from backend.kernel.clock import Clock
from backend.kernel.db import WriteSession
from backend.kernel.ids import new_id
from groups.memberships import queries
from groups.memberships.queries import Changes, Evaluated, Run
from groups.memberships.rules import Cause


async def evaluate(
    session: WriteSession, of: Evaluated, cause: Cause, *, as_of: date, clock: Clock
) -> Changes:
    """Let in those whom the rule holds for on the civil day `as_of`, and end the rest.

    The caller holds the group's row, so that evaluations of one group follow one another.
    A repeat over the same facts changes no membership.
    """
    run = Run(new_id(), of, cause, as_of, started_at=clock())
    await queries.start(session, run)
    changes = await queries.reconcile(session, run)
    await queries.finish(session, run, changes, clock())
    return changes
