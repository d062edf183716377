"""The catalogue: every attribute and relation that a rule may use, as data.

A new attribute is an entry here, a column in each evaluator, and no more; no code decides by name.
Choices and patterns are those that the registry's feed takes.
Ordering (`<`, `between`) is left to numbers and dates: the order of texts depends on a collation.
"""

from backend.kernel.errors import Text
from backend.kernel.models import Sensitivity
from groups.language.things import (
    COMPARISONS,
    EVERY_PURPOSE,
    Age,
    Attribute,
    Choice,
    Operator,
    Provenance,
    Purpose,
    Register,
    Relation,
    Thing,
    ValueType,
)

NUMBERS = COMPARISONS | {Operator.BETWEEN, Operator.IN, Operator.IS_NULL}
DATES = COMPARISONS | {Operator.IS_NULL}
"""Without `between` and `in`: CQL2 has `between` for numbers only."""
CHOICES = frozenset({Operator.EQUAL, Operator.NOT_EQUAL, Operator.IN, Operator.IS_NULL})
TEXTS = CHOICES | {Operator.LIKE}
TAGS = frozenset({Operator.CONTAINS, Operator.OVERLAPS})
TAG_PATTERN = "[a-z0-9][a-z0-9_-]{0,39}"

POPULATION = Provenance(Register.RESIDENTS, Sensitivity.PERSONAL)
PLACES = Provenance(Register.ADDRESSES, Sensitivity.PERSONAL)
SCHOOLS = Provenance(Register.EDUCATION, Sensitivity.PUBLIC)
ATTENDANCE = Provenance(
    Register.EDUCATION,
    Sensitivity.PERSONAL,
    frozenset({Purpose.SAFETY, Purpose.SERVICES, Purpose.INFORMATION, Purpose.EDUCATION}),
)
LAND = Provenance(Register.LAND, Sensitivity.PERSONAL, EVERY_PURPOSE - {Purpose.EDUCATION})
VEHICLES = Provenance(Register.VEHICLES, Sensitivity.PERSONAL, EVERY_PURPOSE - {Purpose.EDUCATION})
ANIMALS = Provenance(Register.ANIMALS, Sensitivity.PERSONAL, EVERY_PURPOSE - {Purpose.EDUCATION})
SOCIAL = Provenance(
    Register.SOCIAL_ASSISTANCE, Sensitivity.SPECIAL, frozenset({Purpose.SOCIAL_SUPPORT})
)
CHOSEN = Provenance(Register.OWN_CHOICES, Sensitivity.PERSONAL)


def _choice(name: str, title: Text, provenance: Provenance, *choices: Choice) -> Attribute:
    return Attribute(name, ValueType.STRING, title, CHOICES, provenance, choices=choices)


def _text(
    name: str,
    title: Text,
    provenance: Provenance,
    *,
    pattern: str | None = None,
    lookup: str | None = None,
) -> Attribute:
    return Attribute(
        name, ValueType.STRING, title, TEXTS, provenance, pattern=pattern, lookup=lookup
    )


def _age(name: str, title: Text, unit: Text, age: Age) -> Attribute:
    return Attribute(name, ValueType.INTEGER, title, NUMBERS, POPULATION, unit=unit, age=age)


def _date(name: str, title: Text, provenance: Provenance) -> Attribute:
    return Attribute(name, ValueType.DATE, title, DATES, provenance)


def _tags(name: str, title: Text, provenance: Provenance, *choices: Choice) -> Attribute:
    if choices:
        return Attribute(name, ValueType.TAGS, title, TAGS, provenance, choices=choices)
    return Attribute(
        name, ValueType.TAGS, title, TAGS, provenance, pattern=TAG_PATTERN, lookup=name
    )


PLACE = (
    _text("parish", Text(lv="pagasts", en="parish"), PLACES, lookup="parish"),
    _text("town", Text(lv="pilsēta vai ciems", en="town or village"), PLACES, lookup="town"),
    _text("street", Text(lv="iela", en="street"), PLACES, lookup="street"),
    Attribute(
        "house_number",
        ValueType.INTEGER,
        Text(lv="mājas numurs", en="house number"),
        NUMBERS,
        PLACES,
        highest=9_999,
    ),
    _text(
        "postcode",
        Text(lv="pasta indekss", en="postcode"),
        PLACES,
        pattern="LV-[0-9]{4}",
        lookup="postcode",
    ),
    Attribute(
        "location",
        ValueType.POINT,
        Text(lv="atrašanās vieta", en="location"),
        frozenset({Operator.INTERSECTS, Operator.IS_NULL}),
        PLACES,
    ),
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
    _date("birth_date", Text(lv="dzimšanas datums", en="date of birth"), POPULATION),
    _choice(
        "sex",
        Text(lv="dzimums", en="sex"),
        POPULATION,
        Choice("female", Text(lv="sieviete", en="female")),
        Choice("male", Text(lv="vīrietis", en="male")),
    ),
    Attribute(
        "language",
        ValueType.STRING,
        Text(lv="valoda", en="language"),
        CHOICES,
        POPULATION,
        pattern="[a-z]{2}",
    ),
    Attribute(
        "citizenship",
        ValueType.STRING,
        Text(lv="pilsonība", en="citizenship"),
        CHOICES,
        POPULATION,
        pattern="[A-Z]{2}",
    ),
    _date("declared_since", Text(lv="deklarēts kopš", en="declared since"), PLACES),
    *PLACE,
    _tags("interests", Text(lv="intereses", en="interests"), CHOSEN),
    _tags("social_statuses", Text(lv="sociālie statusi", en="social statuses"), SOCIAL),
    _tags(
        "channels",
        Text(lv="sasniedzams", en="reachable by"),
        CHOSEN,
        Choice("push", Text(lv="lietotnē", en="app")),
        Choice("web_push", Text(lv="pārlūkā", en="browser")),
        Choice("email", Text(lv="e-pastā", en="e-mail")),
        Choice("sms", Text(lv="īsziņā", en="SMS")),
    ),
)

INSTITUTION = Thing(
    "institution",
    Text(lv="iestāde", en="institution"),
    (
        _choice(
            "kind",
            Text(lv="iestādes veids", en="institution kind"),
            SCHOOLS,
            Choice("preschool", Text(lv="pirmsskola", en="preschool")),
            Choice("school", Text(lv="skola", en="school")),
            Choice("interest_school", Text(lv="interešu izglītība", en="interest education")),
            Choice("social_care", Text(lv="sociālā aprūpe", en="social care")),
            Choice("other", Text(lv="cita", en="other")),
        ),
        _text(
            "name",
            Text(lv="iestādes nosaukums", en="institution name"),
            SCHOOLS,
            lookup="institution_name",
        ),
    ),
)

PROPERTY = Thing(
    "property",
    Text(lv="īpašums", en="property"),
    (
        _choice(
            "kind",
            Text(lv="īpašuma veids", en="property kind"),
            LAND,
            Choice("land", Text(lv="zeme", en="land")),
            Choice("building", Text(lv="ēka", en="building")),
            Choice("flat", Text(lv="dzīvoklis", en="flat")),
        ),
        *PLACE,
    ),
)

VEHICLE = Thing(
    "vehicle",
    Text(lv="transportlīdzeklis", en="vehicle"),
    (
        _choice(
            "kind",
            Text(lv="transportlīdzekļa veids", en="vehicle kind"),
            VEHICLES,
            Choice("car", Text(lv="vieglais auto", en="car")),
            Choice("motorcycle", Text(lv="motocikls", en="motorcycle")),
            Choice("truck", Text(lv="kravas auto", en="truck")),
            Choice("trailer", Text(lv="piekabe", en="trailer")),
            Choice("other", Text(lv="cits", en="other")),
        ),
        _choice(
            "fuel",
            Text(lv="degviela", en="fuel"),
            VEHICLES,
            Choice("petrol", Text(lv="benzīns", en="petrol")),
            Choice("diesel", Text(lv="dīzelis", en="diesel")),
            Choice("gas", Text(lv="gāze", en="gas")),
            Choice("electric", Text(lv="elektrība", en="electric")),
            Choice("hybrid", Text(lv="hibrīds", en="hybrid")),
            Choice("other", Text(lv="cita", en="other")),
        ),
    ),
)

PET = Thing(
    "pet",
    Text(lv="mājdzīvnieks", en="pet"),
    (
        _choice(
            "species",
            Text(lv="suga", en="species"),
            ANIMALS,
            Choice("dog", Text(lv="suns", en="dog")),
            Choice("cat", Text(lv="kaķis", en="cat")),
            Choice("ferret", Text(lv="sesks", en="ferret")),
            Choice("other", Text(lv="cits", en="other")),
        ),
    ),
)

FORMER_ADDRESS = Thing(
    "former_address",
    Text(lv="iepriekšējā adrese", en="former address"),
    (
        _date("since", Text(lv="no", en="since"), PLACES),
        _date("until", Text(lv="līdz", en="until"), PLACES),
        *PLACE,
    ),
)

INSTITUTIONS = Relation(
    "institutions",
    INSTITUTION,
    Text(lv="iestādes", en="institutions"),
    Text(lv="apmeklē iestādi", en="attends an institution"),
    ATTENDANCE,
)

CHILD = Thing("child", Text(lv="bērns", en="child"), PERSON, (INSTITUTIONS,))
HOUSEHOLD_MEMBER = Thing(
    "household_member", Text(lv="mājsaimniecības loceklis", en="household member"), PERSON
)

RESIDENT = Thing(
    "resident",
    Text(lv="iedzīvotājs", en="resident"),
    PERSON,
    (
        Relation(
            "household",
            HOUSEHOLD_MEMBER,
            Text(lv="mājsaimniecība", en="household"),
            Text(lv="ir mājsaimniecība", en="has a household"),
            POPULATION,
        ),
        Relation(
            "children",
            CHILD,
            Text(lv="bērni", en="children"),
            Text(lv="ir bērni", en="has children"),
            POPULATION,
        ),
        INSTITUTIONS,
        Relation(
            "properties",
            PROPERTY,
            Text(lv="īpašumi", en="properties"),
            Text(lv="ir īpašumi", en="owns property"),
            LAND,
        ),
        Relation(
            "vehicles",
            VEHICLE,
            Text(lv="transportlīdzekļi", en="vehicles"),
            Text(lv="ir transportlīdzekļi", en="has vehicles"),
            VEHICLES,
        ),
        Relation(
            "pets",
            PET,
            Text(lv="mājdzīvnieki", en="pets"),
            Text(lv="ir mājdzīvnieki", en="has pets"),
            ANIMALS,
        ),
        Relation(
            "former_addresses",
            FORMER_ADDRESS,
            Text(lv="iepriekšējās adreses", en="former addresses"),
            Text(lv="ir iepriekšējās adreses", en="has former addresses"),
            PLACES,
        ),
    ),
)
"""Where every rule starts: the resident who is to be a member or not.

A resident's household has the resident themselves in it.
"""
