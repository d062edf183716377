"""From CQL2-JSON to the tree: what is of the profile is read, all else is refused by its spot."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace

from groups.language.attributes import RESIDENT
from groups.language.errors import FaultCode, RuleInvalid
from groups.language.literals import read_integer, read_value
from groups.language.spots import Json, Refused, Spot
from groups.language.things import COMPARISONS, Attribute, Operator, Thing
from groups.language.tree import (
    And,
    Any,
    Between,
    Comparison,
    In,
    IsNull,
    Node,
    Not,
    Or,
    Reference,
    Value,
)

MAX_DEPTH = 12
MAX_OPERANDS = 50
MAX_VALUES = 500
MAX_BYTES = 16_000

Reader = Callable[[str, list[Json], Spot], Node]


def decode(payload: object, *, at: str = "", root: Thing = RESIDENT) -> Node:
    """Read a rule from parsed JSON; `at` is the pointer of the rule in the caller's document.

    Pointers in the tree count from the rule; pointers in the faults begin with `at`.

    Raises:
        RuleInvalid: with one fault for every spot that is not of the profile.
    """
    spot = Spot(root)
    node: Node | None = None
    with suppress(Refused):
        node = _expression(_measured(payload, spot), spot)
    if node is None or spot.faults:
        faults = [replace(fault, pointer=at + fault.pointer) for fault in spot.faults]
        raise RuleInvalid(faults=faults)
    return node


def _measured(payload: object, spot: Spot) -> Json:
    """Refuse what is too long, or nested too deep even to be written; give plain JSON."""
    try:
        text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        raise spot.refused(FaultCode.TOO_DEEP, f"at most {MAX_DEPTH}") from None
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise spot.refused(FaultCode.TOO_LARGE, f"at most {MAX_BYTES} bytes")
    document: Json = json.loads(text)
    return document


def _expression(payload: Json, spot: Spot) -> Node:
    if spot.depth > MAX_DEPTH:
        raise spot.refused(FaultCode.TOO_DEEP, f"at most {MAX_DEPTH}")
    if not isinstance(payload, dict):
        raise spot.refused(FaultCode.EXPRESSION_EXPECTED)
    spot.note_others(payload, "op", "args")
    operator, arguments = payload.get("op"), payload.get("args")
    if not isinstance(operator, str) or not isinstance(arguments, list):
        raise spot.refused(FaultCode.EXPRESSION_EXPECTED)
    reader = READERS.get(operator)
    if reader is None:
        raise spot.below("op").refused(FaultCode.UNKNOWN_OPERATOR, operator)
    return reader(operator, arguments, spot)


def _operands(arguments: list[Json], spot: Spot) -> tuple[Node, ...]:
    """Read every operand, also after a fault in one, so that all faults are told at once."""
    if len(arguments) < 2:
        raise spot.below("args").refused(FaultCode.WRONG_ARGUMENT_COUNT, "at least 2 expected")
    if len(arguments) > MAX_OPERANDS:
        raise spot.below("args").refused(FaultCode.TOO_MANY_OPERANDS, f"at most {MAX_OPERANDS}")
    nodes: list[Node] = []
    for index, argument in enumerate(arguments):
        with suppress(Refused):
            nodes.append(_expression(argument, spot.nested(index)))
    return tuple(nodes)


def _and(_operator: str, arguments: list[Json], spot: Spot) -> Node:
    return And(_operands(arguments, spot), spot.pointer)


def _or(_operator: str, arguments: list[Json], spot: Spot) -> Node:
    return Or(_operands(arguments, spot), spot.pointer)


def _not(_operator: str, arguments: list[Json], spot: Spot) -> Node:
    _counted(arguments, spot, 1)
    return Not(_expression(arguments[0], spot.nested(0)), spot.pointer)


def _any(_operator: str, arguments: list[Json], spot: Spot) -> Node:
    _counted(arguments, spot, 1, 2)
    there = spot.argument(0)
    name = _property_name(arguments[0], there)
    relation = spot.thing.relation(name)
    if relation is None:
        raise there.below("property").refused(FaultCode.UNKNOWN_RELATION, name)
    inner = None
    if len(arguments) == 2:
        inner = _expression(arguments[1], spot.nested(1, relation.target))
    return Any(relation, inner, spot.pointer)


def _comparison(operator: str, arguments: list[Json], spot: Spot) -> Node:
    left = _left(operator, arguments, spot, 2)
    right = read_value(arguments[1], left.attribute, spot.argument(1))
    return Comparison(Operator(operator), left, right, spot.pointer)


def _between(operator: str, arguments: list[Json], spot: Spot) -> Node:
    left = _left(operator, arguments, spot, 3)
    lower = read_integer(arguments[1], left.attribute, spot.argument(1))
    upper = read_integer(arguments[2], left.attribute, spot.argument(2))
    if lower > upper:
        raise spot.argument(2).refused(FaultCode.EMPTY_RANGE, f"{lower} > {upper}")
    return Between(left, lower, upper, spot.pointer)


def _in(operator: str, arguments: list[Json], spot: Spot) -> Node:
    left = _left(operator, arguments, spot, 2)
    return In(left, _values(arguments[1], left.attribute, spot.argument(1)), spot.pointer)


def _values(listed: Json, attribute: Attribute, spot: Spot) -> tuple[Value, ...]:
    if not isinstance(listed, list):
        raise spot.refused(FaultCode.WRONG_TYPE, "list expected")
    if not listed:
        raise spot.refused(FaultCode.WRONG_ARGUMENT_COUNT, "at least 1 value expected")
    if len(listed) > MAX_VALUES:
        raise spot.refused(FaultCode.TOO_MANY_VALUES, f"at most {MAX_VALUES}")
    values: list[Value] = []
    for index, each in enumerate(listed):
        with suppress(Refused):
            values.append(read_value(each, attribute, spot.below(index)))
    return tuple(values)


def _is_null(operator: str, arguments: list[Json], spot: Spot) -> Node:
    return IsNull(_left(operator, arguments, spot, 1), spot.pointer)


def _left(operator: str, arguments: list[Json], spot: Spot, count: int) -> Reference:
    """Read the first argument of a clause: an attribute that allows the operator."""
    _counted(arguments, spot, count)
    there = spot.argument(0)
    name = _property_name(arguments[0], there)
    attribute = spot.thing.attribute(name)
    if attribute is None:
        raise there.below("property").refused(FaultCode.UNKNOWN_PROPERTY, name)
    if operator not in attribute.operators:
        about = f"{operator} on {name}"
        raise spot.below("op").refused(FaultCode.OPERATOR_NOT_ALLOWED, about)
    return Reference(attribute, there.pointer)


def _property_name(payload: Json, spot: Spot) -> str:
    name = payload.get("property") if isinstance(payload, dict) else None
    if not isinstance(payload, dict) or not isinstance(name, str):
        raise spot.refused(FaultCode.PROPERTY_EXPECTED)
    spot.note_others(payload, "property")
    return name


def _counted(arguments: list[Json], spot: Spot, *counts: int) -> None:
    if len(arguments) not in counts:
        wanted = " or ".join(str(count) for count in counts)
        about = f"{wanted} expected"
        raise spot.below("args").refused(FaultCode.WRONG_ARGUMENT_COUNT, about)


READERS: Mapping[str, Reader] = {
    "and": _and,
    "or": _or,
    "not": _not,
    "any": _any,
    "between": _between,
    "in": _in,
    "isNull": _is_null,
    **dict.fromkeys(COMPARISONS, _comparison),
}
