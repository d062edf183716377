"""The groups that a rule refers to by `in_group`: that they exist, and are for the rule's purpose.

What a purpose may not ask by itself, it may not ask by way of another group either.
"""

from collections.abc import Collection, Iterator, Mapping
from uuid import UUID

from backend.kernel.db import ReadSession
from backend.kernel.errors import Fault
from groups.language.analysis import group_references, parts
from groups.language.decode import decode
from groups.language.errors import FaultCode, RuleInvalid
from groups.language.spots import Json
from groups.language.things import Purpose
from groups.language.tree import InGroup, Node
from groups.previews.queries import rules_of


async def check_references(
    session: ReadSession, rule: Node, purpose: Purpose, *, at: str = ""
) -> None:
    """Refuse a rule that names a group which is not there, or asks what the purpose may not.

    Raises:
        RuleInvalid: with the pointer of every such `in_group`.
    """
    if not group_references(rule):
        return
    named = [part for part in parts(rule) if isinstance(part, InGroup)]
    reached = await reachable(session, group_references(rule))
    faults = [
        fault
        for node in named
        for fault in reference_faults(reached, node.group_id, purpose, at + node.pointer)
    ]
    if faults:
        raise RuleInvalid(faults=faults)


async def reachable(session: ReadSession, group_ids: Collection[UUID]) -> Mapping[UUID, Json]:
    """Give the present rules of groups, and of those that these refer to, however far."""
    found: dict[UUID, Json] = {}
    wanted, asked = set(group_ids), set[UUID]()
    while wanted:
        rules = await rules_of(session, wanted)
        found.update(rules)
        asked |= wanted
        wanted = {each for rule in rules.values() for each in _referred(rule)} - asked
    return found


def reference_faults(
    rules: Mapping[UUID, Json], group_id: UUID, purpose: Purpose, pointer: str
) -> Iterator[Fault]:
    """List what is wrong with referring to a group, given all reachable rules."""
    if group_id not in rules:
        yield Fault(pointer, FaultCode.UNKNOWN_VALUE, f"no group {group_id}")
    elif any(not _is_for(purpose, rules[each]) for each in _reached(rules, group_id)):
        yield Fault(pointer, FaultCode.OUTSIDE_PURPOSE, f"group {group_id} for {purpose}")


def _reached(rules: Mapping[UUID, Json], first: UUID) -> set[UUID]:
    reached: set[UUID] = set()
    waiting = [first]
    while waiting:
        group_id = waiting.pop()
        if group_id in rules and group_id not in reached:
            reached.add(group_id)
            waiting.extend(_referred(rules[group_id]))
    return reached


def _referred(rule: Json) -> frozenset[UUID]:
    try:
        return group_references(decode(rule))
    except RuleInvalid:
        return frozenset()


def _is_for(purpose: Purpose, rule: Json) -> bool:
    try:
        decode(rule, purpose=purpose)
    except RuleInvalid:
        return False
    return True
