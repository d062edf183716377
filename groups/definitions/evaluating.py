"""Evaluating one group at once, for the person who defines it."""

from datetime import date

from backend.kernel.clock import Clock
from backend.kernel.db import WriteSession
from backend.kernel.tenancy import MunicipalityId
from groups.definitions import rosters
from groups.definitions.following import FollowedGroup
from groups.definitions.models import ResidentGroup
from groups.evaluation.ports import Evaluator, Scope
from groups.language.analysis import group_references
from groups.language.tree import Node
from groups.memberships.queries import memberships_of
from groups.memberships.rules import Cause
from groups.memberships.service import reconcile


async def evaluate_now(
    session: WriteSession,
    evaluator: Evaluator,
    group: ResidentGroup,
    rule: Node,
    cause: Cause,
    *,
    as_of: date,
    clock: Clock,
) -> None:
    """Give a group the members that its rule finds, however many leave.

    The caller holds the group's row, and of a new group the roster or a share of it.
    Groups that the rule refers to are taken as they stand.
    """
    municipality = MunicipalityId(group.municipality_id)
    kept = await memberships_of(session, municipality, group_references(rule))
    followed = FollowedGroup(
        municipality,
        group.id,
        group.number,
        group.current_version,
        rule,
        Scope(group.scope),
        {(municipality, key): each.slots for key, each in kept.items()},
    )
    # An engine that has not followed an erasure yet still finds who was erased. Erasing holds what
    # the caller holds, so nobody more is erased until commit.
    erased = await rosters.erased(session, municipality)
    found = await evaluator.members(session, followed.question(as_of))
    outcome = followed.outcome(cause, as_of, found.slots - erased)
    await reconcile(session, municipality, [outcome], guarded=False, clock=clock)
