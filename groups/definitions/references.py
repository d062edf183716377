"""Groups that refer to other groups by `in_group`: how far, for which purpose, never in a circle."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

import msgspec

from backend.kernel.db import ReadSession
from backend.kernel.errors import Fault
from backend.kernel.tenancy import MunicipalityId
from groups.definitions import queries
from groups.definitions.rules import MOST_STEPS
from groups.language.analysis import (
    LookedUp,
    group_references,
    looked_up,
    parts,
)
from groups.language.decode import decode
from groups.language.errors import FaultCode, RuleInvalid
from groups.language.things import Purpose
from groups.language.tree import InGroup, Node


@dataclass(frozen=True, slots=True)
class Understood:
    """A rule as it is kept, read: the tree, the groups and the values that it names."""

    rule: Node
    references: tuple[InGroup, ...]
    looked_up: tuple[LookedUp, ...]


@lru_cache(maxsize=16_384)
def understood(written: str, purpose: Purpose | None = None) -> Understood:
    """Read a rule from its JSON text; versions of rules never change, so each is read once.

    Raises:
        RuleInvalid: it is not of the language, or not for the purpose.
    """
    rule = decode(msgspec.json.decode(written), purpose=purpose)
    return Understood(rule, references_of(rule), looked_up(rule))


def references_of(rule: Node) -> tuple[InGroup, ...]:
    """List where a rule refers to groups, in the order of the rule."""
    return tuple(part for part in parts(rule) if isinstance(part, InGroup))


async def check_references(
    session: ReadSession,
    municipality: MunicipalityId,
    rule: Node,
    purpose: Purpose,
    *,
    group_id: UUID | None = None,
    at: str = "",
) -> None:
    """Refuse a rule whose references lead nowhere, in a circle, too far, or past its purpose.

    `group_id` is the group that the rule is for, when it is there already. What a purpose may not
    ask by itself, it may not ask by way of another group either. The caller holds the roster.

    Raises:
        RuleInvalid: with the pointer of every such reference.
    """
    named = references_of(rule)
    if named:
        graph = Graph(await queries.written_rules(session, municipality))
        above = 0 if group_id is None else graph.steps_above(group_id)
        faults = [
            Fault(at + node.pointer, code, f"group {node.group_id}")
            for node in named
            for code in graph.faults(node.group_id, group_id, purpose, above)
        ]
        if faults:
            raise RuleInvalid(faults=faults)


@dataclass(frozen=True, slots=True)
class Graph:
    """The groups of a municipality that are not archived, by the JSON text of their rules."""

    written: Mapping[UUID, str]

    def rule(self, group_id: UUID) -> Node | None:
        """Read a group's rule; None: it cannot be read any more."""
        with suppress(RuleInvalid):
            return understood(self.written[group_id]).rule
        return None

    def references(self, group_id: UUID) -> frozenset[UUID]:
        """Name the groups that a group refers to; most rules need not be read to know."""
        if "in_group" not in self.written.get(group_id, ""):
            return frozenset()
        rule = self.rule(group_id)
        return group_references(rule) if rule is not None else frozenset()

    def reached(self, first: Collection[UUID]) -> frozenset[UUID]:
        """Name groups and all that they refer to, however far, as far as they are there."""
        found: set[UUID] = set()
        waiting = list(first)
        while waiting:
            group_id = waiting.pop()
            if group_id in self.written and group_id not in found:
                found.add(group_id)
                waiting.extend(self.references(group_id))
        return frozenset(found)

    def steps_below(self, group_id: UUID) -> int:
        """Count how many groups follow one another below; one too many is enough to know."""
        level, steps = {group_id}, 0
        while steps <= MOST_STEPS:
            level = {below for each in level for below in self.references(each)}
            if not level:
                break
            steps += 1
        return steps

    def steps_above(self, group_id: UUID) -> int:
        """Count how many groups follow one another above."""
        above = {each: self.references(each) for each in self.written}
        level, steps = {group_id}, 0
        while steps <= MOST_STEPS:
            level = {each for each, below in above.items() if level & below}
            if not level:
                break
            steps += 1
        return steps

    def faults(
        self, named: UUID, of: UUID | None, purpose: Purpose, above: int
    ) -> Iterator[FaultCode]:
        """List what is wrong with referring to a group."""
        reached = self.reached({named})
        if named not in self.written:
            yield FaultCode.UNKNOWN_GROUP
        elif of in reached:
            yield FaultCode.GROUP_CYCLE
        elif above + 1 + self.steps_below(named) > MOST_STEPS:
            yield FaultCode.GROUPS_TOO_DEEP
        elif not all(_is_for(purpose, self.written[each]) for each in reached):
            yield FaultCode.OUTSIDE_PURPOSE


def _is_for(purpose: Purpose, written: str) -> bool:
    try:
        understood(written, purpose)
    except RuleInvalid:
        return False
    return True
