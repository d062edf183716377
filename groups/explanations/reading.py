"""A rule read over one person in plain Python: true, false or unknown (None), as CQL2 says.

Slow and obvious on purpose: what columns and SQL find is compared with it, and it explains.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import eq, ge, gt, le, lt, ne
from typing import TypeAlias
from uuid import UUID

from groups.evaluation.rules import completed_months, relative_day
from groups.explanations.areas import contains
from groups.language.folding import fold
from groups.language.patterns import expression
from groups.language.things import Operator
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
    Leaf,
    Left,
    Like,
    Node,
    Not,
    Or,
    Reference,
    RelativeDay,
    Tagged,
    Value,
)

Truth: TypeAlias = bool | None
"""None: unknown."""
Point: TypeAlias = tuple[int, int]
"""LKS-92 easting and northing in centimetres."""
Fact: TypeAlias = int | str | date | frozenset[str] | Point | None
"""One known value; None: not known."""

COMPARE: Mapping[Operator, Callable[..., bool]] = {
    Operator.EQUAL: eq,
    Operator.NOT_EQUAL: ne,
    Operator.LESS: lt,
    Operator.AT_MOST: le,
    Operator.GREATER: gt,
    Operator.AT_LEAST: ge,
}


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a resident or a thing, and of what belongs to them, by relation.

    `person_id` names a resident, for those who may be told the name.
    """

    values: Mapping[str, Fact] = field(repr=False)
    related: Mapping[str, Sequence["Known"]] = field(
        default_factory=dict[str, Sequence["Known"]], repr=False
    )
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads rules for one civil day; `groups` are those that the resident belongs to."""

    as_of: date
    groups: frozenset[UUID] = frozenset()

    def truth(self, node: Node, known: Known) -> Truth:
        """Say whether the rule holds."""
        match node:
            case And(operands):
                return _negated(one_of(_negated(self.truth(each, known)) for each in operands))
            case Or(operands):
                return one_of(self.truth(each, known) for each in operands)
            case Not(operand):
                return _negated(self.truth(operand, known))
            case Any():
                return one_of(self.passing(node, known))
            case InGroup():
                return node.group_id in self.groups
            case _:
                return self.clause(node, known)

    def passing(self, node: Any | Count, known: Known) -> list[Truth]:
        """Say of each related thing, in order, whether it passes."""
        related = known.related.get(node.relation.name, ())
        return [True if node.filter is None else self.truth(node.filter, each) for each in related]

    def clause(self, node: Leaf, known: Known) -> Truth:
        """Read a clause; on what is not known it is unknown."""
        if isinstance(node, InGroup):
            raise TypeError("not a clause on an attribute")
        if isinstance(node.left, Count):
            return self._counted(node, node.left, known)
        value = self.value(node.left, known)
        if isinstance(node, IsNull):
            return value is None
        return None if value is None else self._holds(node, value)

    def value(self, left: Left, known: Known) -> Fact:
        """Give what stands on the left; of a count, how many pass for certain."""
        match left:
            case Count():
                return self.passing(left, known).count(True)
            case AgeInYear():
                since = known.values[left.date.attribute.name]
                years = self.as_of.year - since.year if isinstance(since, date) else -1
                return years if years >= 0 else None
            case Reference():
                return self._told(left, known)

    def _told(self, left: Reference, known: Known) -> Fact:
        age = left.attribute.age
        if age is None:
            return known.values[left.attribute.name]
        since = known.values[age.since]
        months = completed_months(since, self.as_of) if isinstance(since, date) else None
        return None if months is None else months // age.months

    def _counted(self, node: Leaf, left: Count, known: Known) -> Truth:
        """Read a clause for every number that the count may be."""
        answers = self.passing(left, known)
        lowest, unsure = answers.count(True), answers.count(None)
        each = {self._holds(node, number) for number in range(lowest, lowest + unsure + 1)}
        return each.pop() if len(each) == 1 else None

    def _holds(self, node: Leaf, value: Fact) -> bool:
        match node:
            case Comparison():
                right = self.fixed(node.right)
                return COMPARE[node.operator](*_folded(node.left, value, right))
            case Between() if isinstance(value, int):
                return node.lower <= value <= node.upper
            case In():
                return any(eq(*_folded(node.left, value, each)) for each in node.values)
            case Like() if isinstance(value, str):
                text, pattern = _folded(node.left, value, node.pattern)
                return expression(str(pattern)).match(str(text)) is not None
            case Tagged() if isinstance(value, frozenset):
                wanted = frozenset(node.words)
                return (
                    wanted <= value if node.operator is Operator.CONTAINS else bool(wanted & value)
                )
            case Intersects() if isinstance(value, tuple):
                return contains(node.area, value)
            case _:
                raise TypeError(f"{type(value).__name__} under {type(node).__name__}")

    def fixed(self, value: Value) -> Value:
        """Give a value of the rule for this day."""
        return relative_day(self.as_of, value) if isinstance(value, RelativeDay) else value


def one_of(answers: Iterable[Truth]) -> Truth:
    """Say whether one holds, in Kleene's logic."""
    seen = set(answers)
    return True if True in seen else None if None in seen else False


def _negated(answer: Truth) -> Truth:
    return None if answer is None else not answer


def _folded(left: Left, value: Fact, other: Value) -> tuple[Fact, Value]:
    """Fold both sides where the rule asks for it."""
    if isinstance(left, Reference) and left.folded:
        return fold(str(value)), fold(str(other))
    return value, other
