"""From CQL2-JSON to the tree: what is of the profile is read, all else is refused by its spot."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from groups.language.attributes import RESIDENT
from groups.language.clauses import read_clause
from groups.language.errors import FaultCode, RuleInvalid
from groups.language.lefts import counted, related
from groups.language.limits import MAX_FAULTS, MAX_OPERANDS, check_depth, measured
from groups.language.spots import Json, Reading, Refused, Spot
from groups.language.things import Operator, Purpose, Thing
from groups.language.tree import And, Any, InGroup, Node, Not, Or

CLAUSES = frozenset(str(operator) for operator in Operator)
Reader = Callable[[list[Json], Spot], Node]


def decode(
    payload: object, *, at: str = "", root: Thing = RESIDENT, purpose: Purpose | None = None
) -> Node:
    """Read a rule from parsed JSON; `at` is the pointer of the rule in the caller's document.

    Pointers in the tree count from the rule; pointers in the faults begin with `at`. With a
    `purpose`, only what may be asked for it is taken; a group that the rule refers to has a purpose
    of its own, which is for the caller to look at.

    Raises:
        RuleInvalid: with one fault for every spot that is not of the profile, the first thousand.
    """
    spot = Spot(root, Reading(read_expression, purpose))
    node: Node | None = None
    with suppress(Refused):
        node = read_expression(measured(payload, spot), spot)
    faults = spot.reading.faults
    if node is None or faults:
        told = faults[:MAX_FAULTS]
        raise RuleInvalid(faults=[replace(fault, pointer=at + fault.pointer) for fault in told])
    return node


def read_expression(payload: Json, spot: Spot) -> Node:
    """Read what is true, false or unknown.

    Raises:
        Refused: the faults are noted.
    """
    check_depth(spot)
    if not isinstance(payload, dict):
        raise spot.refused(FaultCode.EXPRESSION_EXPECTED)
    spot.note_others(payload, "op", "args")
    operator, arguments = payload.get("op"), payload.get("args")
    if not isinstance(operator, str) or not isinstance(arguments, list):
        raise spot.refused(FaultCode.EXPRESSION_EXPECTED)
    if operator in CLAUSES:
        return read_clause(Operator(operator), arguments, spot)
    reader = READERS.get(operator)
    if reader is None:
        raise spot.below("op").refused(FaultCode.UNKNOWN_OPERATOR, operator)
    return reader(arguments, spot)


def _operands(arguments: list[Json], spot: Spot) -> tuple[Node, ...]:
    """Read every operand, also after a fault in one, so that all faults are told at once."""
    if len(arguments) < 2:
        raise spot.below("args").refused(FaultCode.WRONG_ARGUMENT_COUNT, "at least 2 expected")
    if len(arguments) > MAX_OPERANDS:
        raise spot.below("args").refused(FaultCode.TOO_MANY_OPERANDS, f"at most {MAX_OPERANDS}")
    nodes: list[Node] = []
    for index, argument in enumerate(arguments):
        with suppress(Refused):
            nodes.append(read_expression(argument, spot.nested(index)))
    return tuple(nodes)


def _and(arguments: list[Json], spot: Spot) -> Node:
    return And(_operands(arguments, spot), spot.pointer)


def _or(arguments: list[Json], spot: Spot) -> Node:
    return Or(_operands(arguments, spot), spot.pointer)


def _not(arguments: list[Json], spot: Spot) -> Node:
    counted(arguments, spot, 1)
    return Not(read_expression(arguments[0], spot.nested(0)), spot.pointer)


def _any(arguments: list[Json], spot: Spot) -> Node:
    return Any(*related(arguments, spot), spot.pointer)


def _in_group(arguments: list[Json], spot: Spot) -> Node:
    if spot.thing is not RESIDENT:  # only residents belong to groups
        about = f"in_group of {spot.thing.name}"
        raise spot.below("op").refused(FaultCode.OPERATOR_NOT_ALLOWED, about)
    counted(arguments, spot, 1)
    [written], there = arguments, spot.argument(0)
    if not isinstance(written, str):
        raise there.refused(FaultCode.WRONG_TYPE, "a group's id expected")
    try:
        group = UUID(written)
    except ValueError:
        group = None
    if group is None or str(group) != written.lower():  # Python reads braces and urn: too
        raise there.refused(FaultCode.WRONG_FORM, "a group's id expected")
    return InGroup(group, spot.pointer)


READERS: Mapping[str, Reader] = {
    "and": _and,
    "or": _or,
    "not": _not,
    "any": _any,
    "in_group": _in_group,
}
