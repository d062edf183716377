"""Staff define groups; whatever changes a rule also evaluates it, in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pyroaring import BitMap

from backend.kernel import audit
from backend.kernel.clock import Clock, civil_day
from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.ids import new_id
from backend.kernel.principals import Principal
from backend.kernel.tenancy import MunicipalityId, municipality_code
from backend.kernel.territories.register import ZONE, register
from groups.changes.queries import note_group
from groups.definitions import queries
from groups.definitions.errors import (
    GroupArchived,
    GroupNotFound,
    GroupNotHeld,
    GroupVersionStale,
)
from groups.definitions.evaluating import evaluate_now
from groups.definitions.models import ResidentGroup
from groups.definitions.queries import FIRST, NewGroup, Record
from groups.definitions.references import check_references, references_of, understood
from groups.definitions.rules import GroupState
from groups.definitions.showing import hide_as_before, judge
from groups.evaluation.ports import Evaluator
from groups.language.decode import decode
from groups.language.things import Purpose
from groups.memberships.history import evaluations_of
from groups.memberships.models import Evaluation
from groups.memberships.rules import Cause
from groups.memberships.service import Evaluated, Outcome, Run, reconcile

RULE_AT = "/rule"
"""Where a rule stands in the bodies that give one."""
MOST_LISTED = 100
"""Most groups in the list of those that wait for somebody."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A new rule, as JSON, for a group that the caller has seen in a version."""

    group_id: UUID
    rule: object
    expected_version: int


@dataclass(frozen=True, slots=True)
class Page:
    """Which changes to list: after an instant, before the last one of another page, how many."""

    since: datetime | None
    before: UUID | None
    limit: int


def today(municipality: MunicipalityId, now: datetime) -> date:
    """Tell which civil day it is in the municipality's zone."""
    territory = register().get(municipality_code(municipality))
    return civil_day(now, territory.zone if territory else ZONE)


async def create(
    session: WriteSession,
    by: Principal,
    new: NewGroup,
    evaluator: Evaluator,
    clock: Clock,
    *,
    minimum: int,
) -> Record:
    """Save a group and let its members in; counts below `minimum` are not shown.

    Raises:
        RuleInvalid: the rule refers to groups that it may not refer to.
    """
    municipality, now, group_id = by.municipality, clock(), new_id()
    if references_of(new.rule):
        await queries.hold_roster(session, municipality)
        await check_references(session, municipality, new.rule, new.purpose, at=RULE_AT)
    else:
        await queries.share_roster(session, municipality)
    await queries.insert_group(session, municipality, group_id, new, by=by.subject_id, now=now)
    version = municipality, group_id, FIRST
    await queries.insert_rule(session, version, new.rule, by=by.subject_id, now=now)
    group = await _held(session, municipality, group_id)
    day = today(municipality, now)
    await evaluate_now(session, evaluator, group, new.rule, Cause.CREATED, as_of=day, clock=clock)
    await judge(session, by, group, evaluator, day, now, minimum=minimum)
    await note_group(session, municipality, group_id, now)
    audit.record(session, by, "group.created", ("group", group_id), now=now)
    return await record_of(session, municipality, group_id)


async def change_rule(
    session: WriteSession,
    by: Principal,
    edit: Edit,
    evaluator: Evaluator,
    clock: Clock,
    *,
    minimum: int,
) -> Record:
    """Give a group a new version of its rule and evaluate it; an equal rule changes nothing.

    However many leave by it, the group is live afterwards.

    Raises:
        RuleInvalid: with a pointer into the body for every fault in the rule.
        GroupNotFound: no such group.
        GroupArchived: it follows the data no longer.
        GroupVersionStale: the group was changed since the caller read it.
    """
    municipality, group_id, now = by.municipality, edit.group_id, clock()
    if references_of(decode(edit.rule, at=RULE_AT)):
        await queries.hold_roster(session, municipality)
    group = await _held(session, municipality, group_id)
    if group.version != edit.expected_version:
        raise GroupVersionStale
    purpose = Purpose(group.purpose)
    new = decode(edit.rule, at=RULE_AT, purpose=purpose)
    await check_references(session, municipality, new, purpose, group_id=group_id, at=RULE_AT)
    if new == understood(await queries.written_rule(session, group)).rule:
        return await record_of(session, municipality, group_id)
    group.version += 1
    group.current_version += 1
    version = municipality, group_id, group.current_version
    await queries.insert_rule(session, version, new, by=by.subject_id, now=now)
    day = today(municipality, now)
    await evaluate_now(session, evaluator, group, new, Cause.EDITED, as_of=day, clock=clock)
    await judge(session, by, group, evaluator, day, now, minimum=minimum)
    _put(group, GroupState.LIVE, now)
    return await _noted(session, by, "group.rule_changed", group, now)


async def release(
    session: WriteSession,
    by: Principal,
    group_id: UUID,
    evaluator: Evaluator,
    clock: Clock,
    *,
    minimum: int,
) -> Record:
    """Let a held group have the members that its rule finds now, however many leave.

    Raises:
        GroupNotFound: no such group.
        GroupArchived: it follows the data no longer.
        GroupNotHeld: nothing waits for a decision.
    """
    municipality, now = by.municipality, clock()
    group = await _held(session, municipality, group_id)
    if group.state != GroupState.HELD:
        raise GroupNotHeld
    rule = understood(await queries.written_rule(session, group)).rule
    day = today(municipality, now)
    await evaluate_now(session, evaluator, group, rule, Cause.RELEASED, as_of=day, clock=clock)
    await judge(session, by, group, evaluator, day, now, minimum=minimum)
    group.version += 1
    _put(group, GroupState.LIVE, now)
    return await _noted(session, by, "group.released", group, now)


async def archive(session: WriteSession, by: Principal, group_id: UUID, clock: Clock) -> Record:
    """Stop following the data: every membership ends, and nothing can be sent to the group.

    Raises:
        GroupNotFound: no such group.
        GroupArchived: it is archived already.
    """
    municipality, now = by.municipality, clock()
    group = await _held(session, municipality, group_id)
    of = Evaluated(municipality, group_id, group.number, group.current_version)
    nobody = Outcome(Run(of, Cause.ARCHIVED, today(municipality, now)), BitMap())
    await reconcile(session, municipality, [nobody], guarded=False, clock=clock)
    await hide_as_before(session, group)
    group.version += 1
    _put(group, GroupState.ARCHIVED, now)
    return await _noted(session, by, "group.archived", group, now)


async def record_of(session: ReadSession, municipality: MunicipalityId, group_id: UUID) -> Record:
    """Give a group with its rule and last evaluation.

    Raises:
        GroupNotFound: no such group.
    """
    record = await queries.record_of(session, municipality, group_id)
    if record is None:
        raise GroupNotFound
    return record


async def groups_before(
    session: ReadSession,
    municipality: MunicipalityId,
    before: UUID | None,
    limit: int,
    state: GroupState | None = None,
) -> tuple[Sequence[Record], UUID | None]:
    """List groups, newest first, and the cursor of the next page if there is one."""
    records = await queries.page(session, municipality, before, limit + 1, state)
    shown_now = records[:limit]
    return shown_now, shown_now[-1].group.id if len(records) > limit else None


async def needing_a_person(session: ReadSession, by: Principal, *, mine: bool) -> Sequence[Record]:
    """List held and invalid groups, all or the caller's, those first that began to wait last."""
    creator = by.subject_id if mine else None
    return await queries.needing_a_person(session, by.municipality, creator, MOST_LISTED)


async def changes_of(
    session: ReadSession, municipality: MunicipalityId, group_id: UUID, page: Page
) -> tuple[Sequence[Evaluation], UUID | None]:
    """List evaluations that changed a group, newest first, and the cursor of the next page.

    Raises:
        GroupNotFound: no such group.
    """
    if await queries.find(session, municipality, group_id) is None:
        raise GroupNotFound
    listed = await evaluations_of(
        session,
        municipality,
        group_id,
        since=page.since,
        before=page.before,
        limit=page.limit + 1,
    )
    shown_now = listed[: page.limit]
    return shown_now, shown_now[-1].id if len(listed) > page.limit else None


async def _held(
    session: WriteSession, municipality: MunicipalityId, group_id: UUID
) -> ResidentGroup:
    return _there(await queries.lock(session, municipality, group_id))


def _there(group: ResidentGroup | None) -> ResidentGroup:
    if group is None:
        raise GroupNotFound
    if group.state == GroupState.ARCHIVED:
        raise GroupArchived
    return group


def _put(group: ResidentGroup, state: GroupState, now: datetime) -> None:
    if group.state != state:
        group.state, group.state_since, group.state_reason = state.value, now, None


async def _noted(
    session: WriteSession, by: Principal, action: str, group: ResidentGroup, now: datetime
) -> Record:
    """Tell the engine and the audit log, and give the group as it is now."""
    municipality = by.municipality
    await note_group(session, municipality, group.id, now)
    particulars = {"version": group.version, "ruleVersion": group.current_version}
    audit.record(session, by, action, ("group", group.id), now=now, particulars=particulars)
    return await record_of(session, municipality, group.id)
