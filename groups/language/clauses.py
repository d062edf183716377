"""Clauses: an attribute or function, an operator, and what it is compared with."""

from collections.abc import Callable, Mapping
from contextlib import suppress

from groups.language.areas import read_area
from groups.language.errors import FaultCode
from groups.language.functions import measure
from groups.language.lefts import counted, read_left, read_reference
from groups.language.limits import MAX_VALUES
from groups.language.literals import read_folded, read_integer, read_pattern, read_text, read_value
from groups.language.spots import Json, Refused, Spot
from groups.language.things import COMPARISONS, Attribute, Operator
from groups.language.tree import (
    Between,
    Comparison,
    In,
    Intersects,
    IsNull,
    Leaf,
    Left,
    Like,
    Reference,
    Tagged,
    Value,
)

Reader = Callable[[Operator, list[Json], Spot], Leaf]


def read_clause(operator: Operator, arguments: list[Json], spot: Spot) -> Leaf:
    """Read the clause that stands at `spot`.

    Raises:
        Refused: the faults are noted.
    """
    return READERS[operator](operator, arguments, spot)


def _comparison(operator: Operator, arguments: list[Json], spot: Spot) -> Leaf:
    counted(arguments, spot, 2)
    left = read_left(operator, arguments, spot)
    return Comparison(operator, left, _value(arguments[1], left, spot.argument(1)), spot.pointer)


def _between(operator: Operator, arguments: list[Json], spot: Spot) -> Leaf:
    counted(arguments, spot, 3)
    left = read_left(operator, arguments, spot)
    lower = read_integer(arguments[1], measure(left), spot.argument(1))
    upper = read_integer(arguments[2], measure(left), spot.argument(2))
    if lower > upper:
        raise spot.argument(2).refused(FaultCode.EMPTY_RANGE, f"{lower} > {upper}")
    return Between(left, lower, upper, spot.pointer)


def _in(operator: Operator, arguments: list[Json], spot: Spot) -> Leaf:
    counted(arguments, spot, 2)
    left = read_left(operator, arguments, spot)
    values: list[Value] = []
    for each, there in _listed(arguments[1], spot.argument(1)):
        with suppress(Refused):
            values.append(_value(each, left, there))
    return In(left, tuple(values), spot.pointer)


def _is_null(operator: Operator, arguments: list[Json], spot: Spot) -> Leaf:
    counted(arguments, spot, 1)
    left = read_reference(operator, arguments, spot)
    if left.folded:
        raise spot.argument(0).refused(FaultCode.PROPERTY_EXPECTED)
    return IsNull(left, spot.pointer)


def _like(operator: Operator, arguments: list[Json], spot: Spot) -> Leaf:
    counted(arguments, spot, 2)
    left = read_reference(operator, arguments, spot)
    there = spot.argument(1)
    if left.folded:
        pattern = _folded(arguments[1], left.attribute, there, read_pattern)
    else:
        pattern = read_pattern(arguments[1], left.attribute, there)
    return Like(left, pattern, spot.pointer)


def _tagged(operator: Operator, arguments: list[Json], spot: Spot) -> Leaf:
    counted(arguments, spot, 2)
    left = read_reference(operator, arguments, spot)
    words: list[str] = []
    for each, there in _listed(arguments[1], spot.argument(1)):
        with suppress(Refused):
            words.append(read_text(each, left.attribute, there))
    return Tagged(operator, left, tuple(words), spot.pointer)


def _intersects(operator: Operator, arguments: list[Json], spot: Spot) -> Leaf:
    counted(arguments, spot, 2)
    left = read_reference(operator, arguments, spot)
    return Intersects(left, read_area(arguments[1], spot.argument(1)), spot.pointer)


def _listed(payload: Json, spot: Spot) -> list[tuple[Json, Spot]]:
    if not isinstance(payload, list):
        raise spot.refused(FaultCode.WRONG_TYPE, "list expected")
    if not payload:
        raise spot.refused(FaultCode.WRONG_ARGUMENT_COUNT, "at least 1 value expected")
    if len(payload) > MAX_VALUES:
        raise spot.refused(FaultCode.TOO_MANY_VALUES, f"at most {MAX_VALUES}")
    return [(each, spot.below(index)) for index, each in enumerate(payload)]


def _value(payload: Json, left: Left, spot: Spot) -> Value:
    if isinstance(left, Reference) and left.folded:
        return _folded(payload, left.attribute, spot, read_folded)
    return read_value(payload, measure(left), spot)


def _folded(
    payload: Json, attribute: Attribute, spot: Spot, read: Callable[[Json, Attribute, Spot], str]
) -> str:
    """Read what stands in `casei`: where the left is folded, the right has to be too."""
    if not isinstance(payload, dict) or payload.get("op") != "casei":
        raise spot.refused(FaultCode.WRONG_TYPE, '{"op": "casei", "args": [text]} expected')
    spot.note_others(payload, "op", "args")
    match payload.get("args"):
        case [inner]:
            return read(inner, attribute, spot.argument(0))
        case _:
            raise spot.below("args").refused(FaultCode.WRONG_ARGUMENT_COUNT, "1 expected")


READERS: Mapping[Operator, Reader] = {
    **dict.fromkeys(COMPARISONS, _comparison),
    Operator.BETWEEN: _between,
    Operator.IN: _in,
    Operator.IS_NULL: _is_null,
    Operator.LIKE: _like,
    Operator.CONTAINS: _tagged,
    Operator.OVERLAPS: _tagged,
    Operator.INTERSECTS: _intersects,
}
