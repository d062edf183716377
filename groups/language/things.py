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
    TAGS = "tags"
    """A set of words; never unknown, maybe empty."""
    POINT = "point"
    """A place in LKS-92 metres (EPSG:3059)."""


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
    LIKE = "like"
    CONTAINS = "a_contains"
    OVERLAPS = "a_overlaps"
    INTERSECTS = "s_intersects"


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


class Purpose(StrEnum):
    """What a group is for; an attribute may be asked only for the purposes that it allows."""

    SAFETY = "safety"
    """Warn and protect people."""
    SERVICES = "services"
    """Tell people of municipal services that are theirs."""
    INFORMATION = "information"
    """Local news, culture, sport, works on roads."""
    SOCIAL_SUPPORT = "social_support"
    """Social assistance; the only purpose that may ask for social statuses."""
    EDUCATION = "education"
    """Preschools, schools and interest education."""


EVERY_PURPOSE = frozenset(Purpose)


class Register(StrEnum):
    """The register from which the municipality has an attribute."""

    RESIDENTS = "residents"
    ADDRESSES = "addresses"
    EDUCATION = "education"
    LAND = "land"
    VEHICLES = "vehicles"
    ANIMALS = "animals"
    SOCIAL_ASSISTANCE = "social_assistance"
    OWN_CHOICES = "own_choices"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Whence an attribute comes, on what ground it is kept, and for what it may be asked."""

    register: Register
    sensitivity: Sensitivity
    purposes: frozenset[Purpose] = EVERY_PURPOSE


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
    """One property that a rule may ask about.

    `lookup`: the values are those of the registry (`registry_value.attribute`), not a closed list.
    """

    name: str
    type: ValueType = field(repr=False)
    title: Text = field(repr=False)
    operators: frozenset[Operator] = field(repr=False)
    provenance: Provenance = field(repr=False)
    unit: Text | None = field(default=None, repr=False)
    age: Age | None = field(default=None, repr=False)
    choices: tuple[Choice, ...] = field(default=(), repr=False)  # empty: any text
    pattern: str | None = field(default=None, repr=False)  # regular expression of the whole text
    highest: int | None = field(default=None, repr=False)  # of plain numbers, which start at 0
    lookup: str | None = field(default=None, repr=False)

    @property
    def sensitivity(self) -> Sensitivity:
        """The class of the data."""
        return self.provenance.sensitivity


@dataclass(frozen=True, slots=True)
class Relation:
    """The way from one thing to the things that belong to it."""

    name: str
    target: "Thing" = field(repr=False)
    title: Text = field(repr=False)
    presence: Text = field(repr=False)  # what it says that there is at least one
    provenance: Provenance = field(repr=False)


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
