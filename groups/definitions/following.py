"""All groups of a municipality follow its facts: read, evaluated, compared, put into their states.

The one way for imports, for single changes and for a new day; whoever evaluates is given.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias
from uuid import UUID

from pyroaring import BitMap

from backend.kernel.clock import Clock
from backend.kernel.db import WriteSession
from backend.kernel.outbox import publish, topic
from backend.kernel.tenancy import MunicipalityId
from groups.definitions import rosters
from groups.definitions.references import Understood, understood
from groups.definitions.rosters import Standing, Withdrawn
from groups.definitions.rules import NEEDS_A_PERSON, GroupState, Trouble
from groups.evaluation.ports import Question, Scope
from groups.language.errors import FaultCode, RuleInvalid
from groups.language.spots import Json
from groups.language.tree import Node
from groups.memberships.queries import let_go, memberships_of
from groups.memberships.rules import Cause
from groups.memberships.service import Changes, Evaluated, Outcome, Run, reconcile

NEEDS_DECISION = topic("group.needs_decision")
"""A group became held or invalid; payload `{groupId, state}`."""

Members: TypeAlias = Mapping[tuple[MunicipalityId, UUID], BitMap]


@dataclass(frozen=True, slots=True)
class FollowedGroup:
    """A group to be evaluated; `groups`: the members of those that its rule refers to."""

    municipality: MunicipalityId
    id: UUID
    number: int
    rule_version: int
    rule: Node
    scope: Scope
    groups: Members

    def question(self, as_of: date) -> Question:
        """Ask who is in the group on a civil day."""
        return Question((self.municipality,), self.rule, as_of, self.scope, self.groups)

    def outcome(self, cause: Cause, as_of: date, slots: BitMap) -> Outcome:
        """Say whom an evaluation found."""
        of = Evaluated(self.municipality, self.id, self.number, self.rule_version)
        return Outcome(Run(of, cause, as_of), slots)


Evaluate: TypeAlias = Callable[[Sequence[FollowedGroup], date], Awaitable[Mapping[UUID, BitMap]]]
"""Finds the members of each group on a civil day. Called once for each step of reference."""


async def follow(
    session: WriteSession,
    municipality: MunicipalityId,
    evaluate: Evaluate,
    *,
    as_of: date,
    cause: Cause,
    clock: Clock,
) -> Sequence[Changes]:
    """Evaluate every group that is not archived, and bring memberships and states in step.

    Groups that others refer to come first, so that these see members of the same day; of a group
    that is held or invalid they see those it still has. The caller holds the rows of all these
    groups (`rosters.hold`).
    """
    standing = await rosters.standing(session, municipality)
    gone = await rosters.withdrawn(session, municipality)
    following = _Following(session, municipality, evaluate, as_of, cause, clock)
    readable: dict[UUID, tuple[Standing, Understood]] = {}
    there = {group.id for group in standing}
    for group in standing:
        reading = _read(group, gone, there)
        if isinstance(reading, Understood):
            readable[group.id] = group, reading
        else:
            await following.move(group, GroupState.INVALID, reading)
    while readable:
        ready = [
            pair
            for pair in readable.values()
            if not any(each.group_id in readable for each in pair[1].references)
        ]
        for group, _ in ready:
            del readable[group.id]
        if not ready:
            await following.refuse_circles(readable.values())
            break
        await following.take(ready)
    return following.changes


def _read(group: Standing, gone: Withdrawn, there: set[UUID]) -> Understood | Json:
    """Read a group's rule, or say why it is not valid any more."""
    try:
        reading = understood(group.written, group.purpose)
    except RuleInvalid as refusal:
        return [_reason(fault.code, fault.pointer, fault.detail) for fault in refusal.faults]
    reasons: list[Json] = [
        _reason(Trouble.VALUE_WITHDRAWN, each.pointer, each.value)
        for each in reading.looked_up
        if each in gone
    ]
    reasons += [
        _reason(Trouble.GROUP_ARCHIVED, each.pointer, str(each.group_id))
        for each in reading.references
        if each.group_id not in there
    ]
    return reasons or reading


def _reason(code: str, pointer: str, detail: str) -> Json:
    return {"code": str(code), "pointer": pointer, "detail": detail}


@dataclass(slots=True)
class _Following:
    session: WriteSession
    municipality: MunicipalityId
    evaluate: Evaluate
    as_of: date
    cause: Cause
    clock: Clock
    changes: list[Changes] = field(default_factory=list[Changes])

    async def take(self, ready: Sequence[tuple[Standing, Understood]]) -> None:
        """Evaluate groups whose references have been followed."""
        named = {each.group_id for _, reading in ready for each in reading.references}
        kept = await memberships_of(self.session, self.municipality, named)
        members = {(self.municipality, key): each.slots for key, each in kept.items()}
        groups = [self._followed(group, reading, members) for group, reading in ready]
        found = await self.evaluate(groups, self.as_of)
        outcomes = [each.outcome(self.cause, self.as_of, found[each.id]) for each in groups]
        changes = await reconcile(
            self.session, self.municipality, outcomes, guarded=True, clock=self.clock
        )
        for group, _ in ready:
            await self.settle(group, changes[group.id])
        self.changes += changes.values()

    def _followed(self, group: Standing, reading: Understood, members: Members) -> FollowedGroup:
        wanted = [(self.municipality, each.group_id) for each in reading.references]
        return FollowedGroup(
            self.municipality,
            group.id,
            group.number,
            group.rule_version,
            reading.rule,
            group.scope,
            {key: members[key] for key in wanted if key in members},
        )

    async def settle(self, group: Standing, changes: Changes) -> None:
        """Hold a group whose change waits; let any other be live."""
        if changes.held:
            reason: Json = [_reason(Trouble.TOO_MANY_LEAVE, "", "")]
            await self.move(group, GroupState.HELD, reason)
        else:
            await self.move(group, GroupState.LIVE, None)

    async def refuse_circles(self, circle: Iterable[tuple[Standing, Understood]]) -> None:
        """Put groups that refer to one another in a circle out of following."""
        for group, reading in circle:
            reasons: Json = [
                _reason(FaultCode.GROUP_CYCLE, each.pointer, str(each.group_id))
                for each in reading.references
            ]
            await self.move(group, GroupState.INVALID, reasons)

    async def move(self, group: Standing, state: GroupState, reason: Json) -> None:
        """Put a group into a state unless it is in it for the same reason; tell of what waits."""
        if (group.state, group.reason) == (state, reason):
            return
        now, is_new = self.clock(), state is not group.state
        since = now if is_new else None
        await rosters.move(self.session, self.municipality, group.id, state, reason, since)
        if state is GroupState.INVALID:
            await let_go(self.session, self.municipality, [group.id])
        if state in NEEDS_A_PERSON and is_new:
            payload = {"groupId": str(group.id), "state": state.value}
            await publish(self.session, self.municipality, NEEDS_DECISION, payload, now)
