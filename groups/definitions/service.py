"""Staff define groups; whatever changes a rule also evaluates it, in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from backend.kernel import audit
from backend.kernel.clock import Clock, civil_day
from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.errors import Text
from backend.kernel.ids import new_id
from backend.kernel.principals import Principal
from backend.kernel.tenancy import MunicipalityId, municipality_code
from backend.kernel.territories.register import ZONE, register
from groups.definitions import queries
from groups.definitions.errors import GroupArchived, GroupNotFound, GroupVersionStale
from groups.definitions.models import ResidentGroup
from groups.definitions.queries import FIRST, NewGroup, Record
from groups.definitions.rules import GroupState, ShownCount, shown
from groups.evaluation.ports import Evaluator
from groups.language.decode import decode
from groups.language.tree import Node
from groups.memberships.queries import Evaluated, close_all
from groups.memberships.rules import Cause
from groups.memberships.service import evaluate


@dataclass(frozen=True, slots=True)
class Preview:
    """How many a rule would let in, as people may see it, on a civil day."""

    members: ShownCount
    as_of: date


@dataclass(frozen=True, slots=True)
class GroupForSending:
    """A live group as a campaign refers to it."""

    id: UUID
    rule_version: int
    name: Text


def today(municipality: MunicipalityId, now: datetime) -> date:
    """Tell which civil day it is in the municipality's zone."""
    territory = register().get(municipality_code(municipality))
    return civil_day(now, territory.zone if territory else ZONE)


async def preview(
    session: WriteSession, by: Principal, rule: Node, evaluator: Evaluator, now: datetime
) -> Preview:
    """Count whom a rule would let in today; only the audit log keeps that it was asked."""
    municipality = by.municipality
    as_of = today(municipality, now)
    members = shown(await evaluator.count(session, municipality, rule, as_of))
    particulars = {"asOf": as_of.isoformat(), "count": members.count}
    subject = ("municipality", municipality_code(municipality))
    audit.record(session, by, "group.previewed", subject, now=now, particulars=particulars)
    return Preview(members, as_of)


async def create(session: WriteSession, by: Principal, new: NewGroup, clock: Clock) -> Record:
    """Save a group and let its members in."""
    municipality, now, group_id = by.municipality, clock(), new_id()
    first = Evaluated(municipality, group_id, FIRST, new.rule)
    await queries.join_roster(session, municipality)
    await queries.insert_group(session, municipality, group_id, new, by=by.subject_id, now=now)
    await queries.insert_rule(session, first, by=by.subject_id, now=now)
    await evaluate(session, first, Cause.CREATED, as_of=today(municipality, now), clock=clock)
    audit.record(session, by, "group.created", ("group", group_id), now=now)
    return await record_of(session, municipality, group_id)


async def change_rule(
    session: WriteSession,
    by: Principal,
    group_id: UUID,
    rule: Node,
    *,
    expected_version: int,
    clock: Clock,
) -> Record:
    """Give a live group a new version of its rule and evaluate it; an equal rule changes nothing.

    Raises:
        GroupNotFound: no such group.
        GroupArchived: it follows the data no longer.
        GroupVersionStale: the group was changed since the caller read it.
    """
    municipality, now = by.municipality, clock()
    group = await hold_live(session, municipality, group_id)
    if group.version != expected_version:
        raise GroupVersionStale
    if rule != await _present_rule(session, group):
        group.version += 1
        group.current_version += 1
        edited = Evaluated(municipality, group_id, group.current_version, rule)
        await queries.insert_rule(session, edited, by=by.subject_id, now=now)
        await evaluate(session, edited, Cause.EDITED, as_of=today(municipality, now), clock=clock)
        _note(session, by, "group.rule_changed", group, now)
    return await record_of(session, municipality, group_id)


async def archive(session: WriteSession, by: Principal, group_id: UUID, now: datetime) -> Record:
    """Stop following the data: every open membership ends, and nothing can be sent to the group.

    Raises:
        GroupNotFound: no such group.
        GroupArchived: it is archived already.
    """
    group = await hold_live(session, by.municipality, group_id)
    group.state = GroupState.ARCHIVED.value
    group.version += 1
    await close_all(session, by.municipality, group_id, now)
    _note(session, by, "group.archived", group, now)
    return await record_of(session, by.municipality, group_id)


async def reevaluate(
    session: WriteSession, municipality: MunicipalityId, group_id: UUID, cause: Cause, clock: Clock
) -> None:
    """Let a group follow changed facts; one that is gone or archived is left as it is."""
    group = await queries.lock(session, municipality, group_id)
    if group is None or group.state != GroupState.LIVE:
        return
    rule = await _present_rule(session, group)
    present = Evaluated(municipality, group_id, group.current_version, rule)
    await evaluate(session, present, cause, as_of=today(municipality, clock()), clock=clock)


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
    session: ReadSession, municipality: MunicipalityId, before: UUID | None, limit: int
) -> tuple[Sequence[Record], UUID | None]:
    """List groups, newest first, and the cursor of the next page if there is one."""
    records = await queries.page(session, municipality, before, limit + 1)
    shown_now = records[:limit]
    return shown_now, shown_now[-1].group.id if len(records) > limit else None


async def hold_live(
    session: WriteSession, municipality: MunicipalityId, group_id: UUID
) -> ResidentGroup:
    """Give a live group and hold its row until commit.

    Raises:
        GroupNotFound: no such group.
        GroupArchived: it follows the data no longer.
    """
    return _live(await queries.lock(session, municipality, group_id))


async def group_for_sending(
    session: ReadSession, municipality: MunicipalityId, group_id: UUID
) -> GroupForSending:
    """Give the group that a campaign wants to send to.

    Raises:
        GroupNotFound: no such group.
        GroupArchived: it follows the data no longer.
    """
    group = _live(await queries.find(session, municipality, group_id))
    return GroupForSending(group.id, group.current_version, Text(group.name_lv, group.name_en))


def _live(group: ResidentGroup | None) -> ResidentGroup:
    if group is None:
        raise GroupNotFound
    if group.state != GroupState.LIVE:
        raise GroupArchived
    return group


async def _present_rule(session: ReadSession, group: ResidentGroup) -> Node:
    return decode((await queries.current_rule(session, group)).rule)


def _note(
    session: WriteSession, by: Principal, action: str, group: ResidentGroup, now: datetime
) -> None:
    particulars = {"version": group.version, "ruleVersion": group.current_version}
    audit.record(session, by, action, ("group", group.id), now=now, particulars=particulars)
