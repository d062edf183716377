"""What the functions that stand first in a clause answer, told as attributes are."""

from backend.kernel.errors import Text
from groups.language.attributes import NUMBERS, PERSON, POPULATION
from groups.language.things import Attribute, Operator, ValueType
from groups.language.tree import AgeInYear, Count, Left, Reference

ON_NUMBERS = NUMBERS - {Operator.IS_NULL}

AGE_IN_YEAR = Attribute(
    "age_in_year",
    ValueType.INTEGER,
    Text(lv="vecums šajā gadā", en="age this year"),
    ON_NUMBERS,
    POPULATION,
    unit=Text(lv="gadi", en="years"),
    highest=150,
)
"""The age that a person reaches within the calendar year of the evaluation."""

COUNT = Attribute(
    "count",
    ValueType.INTEGER,
    Text(lv="skaits", en="number"),
    ON_NUMBERS,
    POPULATION,
    highest=9_999,
)
"""How many related things there are; its provenance is the relation's."""

BIRTHS = frozenset(attribute.age.since for attribute in PERSON if attribute.age)
"""The dates from which ages are counted."""


def measure(left: Left) -> Attribute:
    """Give the attribute itself, or what a function answers: its type, range, unit, operators."""
    match left:
        case Reference(attribute):
            return attribute
        case AgeInYear():
            return AGE_IN_YEAR
        case Count():
            return COUNT
