"""What a catalogue is made of: things, their attributes, and relations between things."""

from dataclasses import dataclass, field
from enum import StrEnum

from backend.kernel.errors import Text
from backend.kernel.models import Sensitivity


class ValueType(StrEnum):
    """What kind of value an attribute holds."""

    INTEGER = "integer"
    STRING = "string"
    DATE = "date"
    BOOLEAN = "boolean"


class Operator(StrEnum):
    """An operator on one attribute, spelt as CQL2 spells it."""

    EQUAL = "="
    NOT_EQUAL = "<>"
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="
    BETWEEN = "between"
    IN = "in"
    IS_NULL = "isNull"


COMPARISONS = frozenset(
    {
        Operator.EQUAL,
        Operator.NOT_EQUAL,
        Operator.LESS,
        Operator.AT_MOST,
        Operator.GREATER,
        Operator.AT_LEAST,
    }
)
"""The operators that compare an attribute with one value."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of an attribute that has a closed list of them."""

    value: str
    title: Text


@dataclass(frozen=True, slots=True)
class Age:
    """How a virtual attribute counts completed time since a date, as of the day of evaluation."""

    since: str  # the attribute that holds the date
    months: int  # how many months make one unit
    highest: int  # no one is older; a greater value in a rule is a slip of the pen


@dataclass(frozen=True, slots=True)
class Attribute:
    """One property that a rule may ask about."""

    name: str
    type: ValueType = field(repr=False)
    title: Text = field(repr=False)
    operators: frozenset[Operator] = field(repr=False)
    sensitivity: Sensitivity = field(repr=False)
    unit: Text | None = field(default=None, repr=False)
    age: Age | None = field(default=None, repr=False)
    choices: tuple[Choice, ...] = field(default=(), repr=False)  # empty: any text
    pattern: str | None = field(default=None, repr=False)  # regular expression of the whole text


@dataclass(frozen=True, slots=True)
class Relation:
    """The way from one thing to the things that belong to it."""

    name: str
    target: "Thing" = field(repr=False)
    title: Text = field(repr=False)
    presence: Text = field(repr=False)  # what it says that there is at least one
    sensitivity: Sensitivity = field(repr=False)


@dataclass(frozen=True, slots=True)
class Thing:
    """Something with attributes and relations; a rule's scope is always one thing."""

    name: str
    title: Text = field(repr=False)
    attributes: tuple[Attribute, ...] = field(repr=False)
    relations: tuple[Relation, ...] = field(default=(), repr=False)

    def attribute(self, name: str) -> Attribute | None:
        """Find the attribute called `name`."""
        return next((each for each in self.attributes if each.name == name), None)

    def relation(self, name: str) -> Relation | None:
        """Find the relation called `name`."""
        return next((each for each in self.relations if each.name == name), None)
