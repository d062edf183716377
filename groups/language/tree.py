"""A rule as a typed tree: what was decoded, checked against the catalogue, ready to evaluate.

Every node knows its JSON Pointer (RFC 6901) from the root of the rule; pointers do not take part
in equality, so that two rules that say the same are equal.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias
from uuid import UUID

from groups.language.things import Attribute, Operator, Relation


@dataclass(frozen=True, slots=True)
class RelativeDay:
    """`today("-P90D")`: the civil day of the evaluation, moved by months and then by days.

    A day that the month lacks becomes the month's last day.
    """

    months: int = 0
    days: int = 0


Value: TypeAlias = int | str | date | RelativeDay
"""A value in a rule; its type is the attribute's."""

Ring: TypeAlias = tuple[tuple[int, int], ...]
"""A closed line of LKS-92 points in centimetres (easting, northing); the first is not repeated."""


@dataclass(frozen=True, slots=True)
class Area:
    """Polygons, each an outer ring and its holes; the edge belongs to the area, a hole's edge too.

    `written` is the GeoJSON geometry as it came, for people and for storing the rule.
    """

    polygons: tuple[tuple[Ring, ...], ...]
    written: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Reference:
    """An attribute of the thing in scope, named at one spot of a rule.

    `folded`: compared without regard to capital letters (`casei`).
    """

    attribute: Attribute
    pointer: str = field(default="", compare=False)
    folded: bool = False


@dataclass(frozen=True, slots=True)
class AgeInYear:
    """`age_in_year(date)`: the age reached within the calendar year of the evaluation."""

    date: Reference
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Count:
    """`count(relation, filter?)`: how many related things pass the filter.

    Where the filter is unknown for some, it is known only to lie between two numbers; a clause
    on it is true if it holds for all of them, false if for none, else unknown.
    """

    relation: Relation
    filter: "Node | None" = None
    pointer: str = field(default="", compare=False)


Left: TypeAlias = Reference | AgeInYear | Count
"""What stands first in a comparison."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The left stands in an order or equality to one value."""

    operator: Operator
    left: Left
    right: Value
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Between:
    """The left is at least `lower` and at most `upper`."""

    left: Left
    lower: int
    upper: int
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class In:
    """The left is one of the values."""

    left: Left
    values: tuple[Value, ...]
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class IsNull:
    """The attribute is not known; never unknown itself."""

    left: Reference
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Like:
    r"""The text fits a pattern: `%` any signs, `_` one sign, `\\` takes the next as it is."""

    left: Reference
    pattern: str
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Tagged:
    """The tags contain all the words (`a_contains`) or at least one of them (`a_overlaps`)."""

    operator: Operator
    left: Reference
    words: tuple[str, ...]
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Intersects:
    """The point lies in the area or on its edge; unknown without coordinates."""

    left: Reference
    area: Area
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class InGroup:
    """The resident belongs to another group of the municipality; never unknown."""

    group_id: UUID
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """All operands hold."""

    operands: tuple["Node", ...]
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """At least one operand holds."""

    operands: tuple["Node", ...]
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """The operand does not hold; of an unknown operand, unknown."""

    operand: "Node"
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Any:
    """At least one related thing exists, and passes the filter where there is one.

    True if the filter holds for one; else unknown if it is unknown for one; else false.
    """

    relation: Relation
    filter: "Node | None" = None
    pointer: str = field(default="", compare=False)


Leaf: TypeAlias = Comparison | Between | In | IsNull | Like | Tagged | Intersects | InGroup
"""A clause."""
Node: TypeAlias = And | Or | Not | Any | Leaf
"""A rule, or any part of one."""
