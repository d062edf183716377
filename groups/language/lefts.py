"""What stands first in a clause: an attribute, or a function that answers a number."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from groups.language.errors import FaultCode
from groups.language.functions import measure
from groups.language.spots import Json, Refused, Spot
from groups.language.things import Operator, Relation, ValueType
from groups.language.tree import AgeInYear, Count, Left, Node, Reference


class Related(NamedTuple):
    """A relation, and what is asked of the things that it leads to."""

    relation: Relation
    filter: Node | None


def read_left(operator: Operator, arguments: list[Json], spot: Spot) -> Left:
    """Read the first argument of the clause that stands at `spot`, which has to allow the operator.

    Raises:
        Refused: the faults are noted.
    """
    left = _left(arguments[0], spot.argument(0))
    measured = measure(left)
    if operator not in measured.operators:
        raise _not_allowed(spot, f"{operator} on {measured.name}")
    return left


def read_reference(operator: Operator, arguments: list[Json], spot: Spot) -> Reference:
    """Read the first argument of a clause that functions do not have.

    Raises:
        Refused: the faults are noted.
    """
    left = read_left(operator, arguments, spot)
    if not isinstance(left, Reference):
        raise _not_allowed(spot, f"{operator} on {measure(left).name}")
    return left


def related(arguments: list[Json], spot: Spot) -> Related:
    """Read a relation and the rule about its things, where there is one.

    Raises:
        Refused: the faults are noted.
    """
    counted(arguments, spot, 1, 2)
    there = spot.argument(0)
    name = _property_name(arguments[0], there)
    relation = spot.thing.relation(name)
    if relation is None:
        raise there.below("property").refused(FaultCode.UNKNOWN_RELATION, name)
    there.below("property").note_purpose(relation.provenance, name)
    inner = None
    if len(arguments) == 2:
        inner = spot.reading.expression(arguments[1], spot.nested(1, relation.target))
    return Related(relation, inner)


def counted(arguments: list[Json], spot: Spot, *counts: int) -> None:
    """Refuse another number of arguments than one of these.

    Raises:
        Refused: the fault is noted.
    """
    if len(arguments) not in counts:
        wanted = " or ".join(str(count) for count in counts)
        raise spot.below("args").refused(FaultCode.WRONG_ARGUMENT_COUNT, f"{wanted} expected")


def _left(payload: Json, spot: Spot) -> Left:
    if not isinstance(payload, dict):
        raise spot.refused(FaultCode.PROPERTY_EXPECTED)
    operator, arguments = payload.get("op"), payload.get("args")
    reader = FUNCTIONS.get(operator) if isinstance(operator, str) else None
    if reader is None or not isinstance(arguments, list):
        return _reference(payload, spot)
    spot.note_others(payload, "op", "args")
    return reader(arguments, spot)


def _count(arguments: list[Json], spot: Spot) -> Left:
    return Count(*related(arguments, spot), spot.pointer)


def _age_in_year(arguments: list[Json], spot: Spot) -> Left:
    counted(arguments, spot, 1)
    reference = _reference(arguments[0], spot.argument(0))
    if reference.attribute.type != ValueType.DATE:
        raise _not_allowed(spot, f"age_in_year of {reference.attribute.name}")
    return AgeInYear(reference, spot.pointer)


def _folded(arguments: list[Json], spot: Spot) -> Left:
    counted(arguments, spot, 1)
    reference = _reference(arguments[0], spot.argument(0))
    if Operator.LIKE not in reference.attribute.operators:
        raise _not_allowed(spot, f"casei of {reference.attribute.name}")
    return replace(reference, folded=True)


def _reference(payload: Json, spot: Spot) -> Reference:
    name = _property_name(payload, spot)
    attribute = spot.thing.attribute(name)
    there = spot.below("property")
    if attribute is None:
        raise there.refused(FaultCode.UNKNOWN_PROPERTY, name)
    there.note_purpose(attribute.provenance, name)
    return Reference(attribute, spot.pointer)


def _property_name(payload: Json, spot: Spot) -> str:
    name = payload.get("property") if isinstance(payload, dict) else None
    if not isinstance(payload, dict) or not isinstance(name, str):
        raise spot.refused(FaultCode.PROPERTY_EXPECTED)
    spot.note_others(payload, "property")
    return name


def _not_allowed(spot: Spot, about: str) -> Refused:
    return spot.below("op").refused(FaultCode.OPERATOR_NOT_ALLOWED, about)


FUNCTIONS: Mapping[str, Callable[[list[Json], Spot], Left]] = {
    "count": _count,
    "age_in_year": _age_in_year,
    "casei": _folded,
}
