"""A rule as a typed tree: what was decoded, checked against the catalogue, ready to evaluate.

Every node knows its JSON Pointer (RFC 6901) from the root of the rule; pointers do not take part
in equality, so that two rules that say the same are equal.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from groups.language.things import Attribute, Operator, Relation

Value: TypeAlias = int | str | date | bool
"""A value in a rule; its type is the attribute's."""


@dataclass(frozen=True, slots=True)
class Reference:
    """An attribute of the thing in scope, named at one spot of a rule."""

    attribute: Attribute
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The attribute stands in an order or equality to one value."""

    operator: Operator
    left: Reference
    right: Value
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Between:
    """The attribute is at least `lower` and at most `upper`."""

    left: Reference
    lower: int
    upper: int
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class In:
    """The attribute is one of the values."""

    left: Reference
    values: tuple[Value, ...]
    pointer: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class IsNull:
    """The attribute is not known; the only clause that is never unknown itself."""

    left: Reference
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


Leaf: TypeAlias = Comparison | Between | In | IsNull
"""A clause on one attribute."""
Node: TypeAlias = And | Or | Not | Any | Leaf
"""A rule, or any part of one."""
