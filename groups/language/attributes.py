"""The catalogue: every attribute and relation that a rule may use, as data.

A new attribute is an entry here and a column in `groups.evaluation.queries`; no code decides by name.
Choices and patterns are those that the registry's feed takes.
Ordering (`<`, `between`) is left to numbers and dates: the order of texts depends on a collation.
"""

from backend.kernel.errors import Text
from backend.kernel.models import Sensitivity
from groups.language.things import (
    COMPARISONS,
    Age,
    Attribute,
    Choice,
    Operator,
    Relation,
    Thing,
    ValueType,
)

NUMBERS = COMPARISONS | {Operator.BETWEEN, Operator.IN, Operator.IS_NULL}
DATES = COMPARISONS | {Operator.IS_NULL}
"""Without `between` and `in`: CQL2 has `between` for numbers only."""
TEXTS = frozenset({Operator.EQUAL, Operator.NOT_EQUAL, Operator.IN, Operator.IS_NULL})


def _text(
    name: str,
    title: Text,
    *choices: Choice,
    sensitivity: Sensitivity = Sensitivity.PERSONAL,
    pattern: str | None = None,
) -> Attribute:
    return Attribute(
        name, ValueType.STRING, title, TEXTS, sensitivity, choices=choices, pattern=pattern
    )


def _age(name: str, title: Text, unit: Text, age: Age) -> Attribute:
    return Attribute(
        name, ValueType.INTEGER, title, NUMBERS, Sensitivity.PERSONAL, unit=unit, age=age
    )


PLACE = (
    _text("parish", Text(lv="pagasts", en="parish")),
    _text("town", Text(lv="pilsēta vai ciems", en="town or village")),
    _text("street", Text(lv="iela", en="street")),
    _text("postcode", Text(lv="pasta indekss", en="postcode"), pattern="LV-[0-9]{4}"),
)

PERSON = (
    _age(
        "age",
        Text(lv="vecums", en="age"),
        Text(lv="gadi", en="years"),
        Age(since="birth_date", months=12, highest=150),
    ),
    _age(
        "age_months",
        Text(lv="vecums mēnešos", en="age in months"),
        Text(lv="mēneši", en="months"),
        Age(since="birth_date", months=1, highest=1_800),
    ),
    Attribute(
        "birth_date",
        ValueType.DATE,
        Text(lv="dzimšanas datums", en="date of birth"),
        DATES,
        Sensitivity.PERSONAL,
    ),
    _text(
        "sex",
        Text(lv="dzimums", en="sex"),
        Choice("female", Text(lv="sieviete", en="female")),
        Choice("male", Text(lv="vīrietis", en="male")),
    ),
    _text("language", Text(lv="valoda", en="language"), pattern="[a-z]{2}"),
    _text("citizenship", Text(lv="pilsonība", en="citizenship"), pattern="[A-Z]{2}"),
    *PLACE,
)

INSTITUTION = Thing(
    "institution",
    Text(lv="iestāde", en="institution"),
    (
        _text(
            "kind",
            Text(lv="iestādes veids", en="institution kind"),
            Choice("preschool", Text(lv="pirmsskola", en="preschool")),
            Choice("school", Text(lv="skola", en="school")),
            Choice("interest_school", Text(lv="interešu izglītība", en="interest education")),
            Choice("social_care", Text(lv="sociālā aprūpe", en="social care")),
            Choice("other", Text(lv="cita", en="other")),
            sensitivity=Sensitivity.PUBLIC,
        ),
        _text(
            "name",
            Text(lv="iestādes nosaukums", en="institution name"),
            sensitivity=Sensitivity.PUBLIC,
        ),
    ),
)

PROPERTY = Thing(
    "property",
    Text(lv="īpašums", en="property"),
    (
        _text(
            "kind",
            Text(lv="īpašuma veids", en="property kind"),
            Choice("land", Text(lv="zeme", en="land")),
            Choice("building", Text(lv="ēka", en="building")),
            Choice("flat", Text(lv="dzīvoklis", en="flat")),
        ),
        *PLACE,
    ),
)

PET = Thing(
    "pet",
    Text(lv="mājdzīvnieks", en="pet"),
    (
        _text(
            "species",
            Text(lv="suga", en="species"),
            Choice("dog", Text(lv="suns", en="dog")),
            Choice("cat", Text(lv="kaķis", en="cat")),
            Choice("ferret", Text(lv="sesks", en="ferret")),
            Choice("other", Text(lv="cits", en="other")),
        ),
    ),
)

INSTITUTIONS = Relation(
    "institutions",
    INSTITUTION,
    Text(lv="iestādes", en="institutions"),
    Text(lv="apmeklē iestādi", en="attends an institution"),
    Sensitivity.PERSONAL,
)

CHILD = Thing("child", Text(lv="bērns", en="child"), PERSON, (INSTITUTIONS,))

RESIDENT = Thing(
    "resident",
    Text(lv="iedzīvotājs", en="resident"),
    PERSON,
    (
        Relation(
            "children",
            CHILD,
            Text(lv="bērni", en="children"),
            Text(lv="ir bērni", en="has children"),
            Sensitivity.PERSONAL,
        ),
        INSTITUTIONS,
        Relation(
            "properties",
            PROPERTY,
            Text(lv="īpašumi", en="properties"),
            Text(lv="ir īpašumi", en="owns property"),
            Sensitivity.PERSONAL,
        ),
        Relation(
            "pets",
            PET,
            Text(lv="mājdzīvnieki", en="pets"),
            Text(lv="ir mājdzīvnieki", en="has pets"),
            Sensitivity.PERSONAL,
        ),
    ),
)
"""Where every rule starts: the resident who is to be a member or not."""
