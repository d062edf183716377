"""What may be said of a rule without any facts: what it asks, and whether days change its answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from backend.kernel.models import Sensitivity
from groups.language.attributes import PLACE
from groups.language.things import Attribute, Provenance
from groups.language.tree import (
    AgeInYear,
    And,
    Any,
    Between,
    Comparison,
    Count,
    In,
    InGroup,
    Intersects,
    IsNull,
    Like,
    Node,
    Not,
    Or,
    Reference,
    RelativeDay,
    Tagged,
    Value,
)

SEVERITY = (Sensitivity.PUBLIC, Sensitivity.PERSONAL, Sensitivity.SPECIAL)

Part: TypeAlias = Node | AgeInYear | Count | Reference
"""A node of a rule, or what stands first in a clause."""


@dataclass(frozen=True, slots=True)
class LookedUp:
    """A value in a rule that should stand in the registry's list `lookup`.

    `folded`: compared without regard to capitals, so that the list may write it otherwise.
    """

    lookup: str
    value: str
    pointer: str
    folded: bool = False


def parts(rule: Part) -> Iterator[Part]:
    """Walk a rule from its root in the order in which it is written, however deep."""
    waiting = [rule]
    while waiting:
        part = waiting.pop()
        yield part
        waiting.extend(reversed(_below(part)))


def group_references(rule: Node) -> frozenset[UUID]:
    """Name the groups whose membership the rule asks for."""
    return frozenset(part.group_id for part in parts(rule) if isinstance(part, InGroup))


def follows_calendar(rule: Node) -> bool:
    """Tell whether the rule's answer may change by a day's passing alone.

    A group that it refers to may follow the calendar too; that is for the caller to ask.
    """
    return any(_follows_calendar(part) for part in parts(rule))


def highest_sensitivity(rule: Node) -> Sensitivity:
    """Name the class of the most sensitive thing that the rule asks for.

    To belong to a group is personal; what that group's rule asks is for the caller to ask.
    """
    classes = {provenance.sensitivity for provenance in _provenances(rule)}
    if group_references(rule):
        classes.add(Sensitivity.PERSONAL)
    return max(classes, key=SEVERITY.index, default=Sensitivity.PUBLIC)


def by_place_alone(rule: Node) -> bool:
    """Tell whether nothing is asked but where the resident's declared address is."""
    return all(_is_of_place(part) for part in parts(rule))


def looked_up(rule: Node) -> tuple[LookedUp, ...]:
    """List the values that should be known to the registry, in the order of the rule.

    Not patterns: what a `like` means goes on when one of the values that fit it is withdrawn.
    """
    return tuple(value for part in parts(rule) for value in _looked_up(part))


def _below(part: Part) -> tuple[Part, ...]:
    match part:
        case And(operands) | Or(operands):
            return operands
        case Not(operand):
            return (operand,)
        case Any(_, inner) | Count(_, inner):
            return () if inner is None else (inner,)
        case Comparison() | Between() | In() | IsNull() | Like() | Tagged() | Intersects():
            return (part.left,)
        case AgeInYear(date):
            return (date,)
        case Reference() | InGroup():
            return ()


def _provenances(rule: Node) -> Iterator[Provenance]:
    for part in parts(rule):
        if isinstance(part, Reference):
            yield part.attribute.provenance
        if isinstance(part, Any | Count):
            yield part.relation.provenance


def _follows_calendar(part: Part) -> bool:
    match part:
        case Reference(attribute):
            return attribute.age is not None
        case AgeInYear():
            return True
        case Comparison(_, _, right):
            return isinstance(right, RelativeDay)
        case _:
            return False


def _is_of_place(part: Part) -> bool:
    if isinstance(part, Reference):
        return part.attribute in PLACE
    return not isinstance(part, Any | Count | InGroup)


def _looked_up(part: Part) -> Iterator[LookedUp]:
    match part:
        case Comparison(_, Reference(attribute, folded=folded), right, pointer):
            yield from _values(attribute, (right,), f"{pointer}/args/1", each=False, folded=folded)
        case In(Reference(attribute, folded=folded), values, pointer):
            yield from _values(attribute, values, f"{pointer}/args/1", folded=folded)
        case Tagged(_, Reference(attribute), words, pointer):
            yield from _values(attribute, words, f"{pointer}/args/1")
        case _:
            return


def _values(
    attribute: Attribute,
    values: tuple[Value, ...],
    pointer: str,
    *,
    each: bool = True,
    folded: bool = False,
) -> Iterator[LookedUp]:
    if attribute.lookup is None:
        return
    for index, value in enumerate(values):
        spot = f"{pointer}/{index}" if each else pointer
        if isinstance(value, str):
            yield LookedUp(attribute.lookup, value, spot, folded)
