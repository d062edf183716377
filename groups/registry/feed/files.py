"""The files of a registry feed, in the order in which they are taken."""

from collections.abc import Iterator

from backend.residents.public import is_mobile, normal_email, normal_phone
from groups.registry.feed.columns import Cells, Column, Complaint, FeedFile, Form

OLDEST = "1880-01-01"
CHANNELS = frozenset({"push", "web_push", "email", "sms"})
INSTITUTION_KINDS = frozenset({"preschool", "school", "interest_school", "social_care", "other"})
SPECIES = frozenset({"dog", "cat", "ferret", "other"})
PROPERTY_KINDS = frozenset({"land", "building", "flat"})
VEHICLE_KINDS = frozenset({"car", "motorcycle", "truck", "trailer", "other"})
FUELS = frozenset({"petrol", "diesel", "gas", "electric", "hybrid", "other"})
RESIDENCES = frozenset({"declared", "linked"})
SEXES = frozenset({"female", "male"})
CONTACT_KINDS = frozenset({"email", "sms"})


def check_coordinates(cells: Cells, _day: str) -> Iterator[Complaint]:
    """Ask for both coordinates or none."""
    for place, (latitude, longitude) in enumerate(
        zip(cells["latitude"], cells["longitude"], strict=True)
    ):
        if bool(latitude) != bool(longitude):
            yield place, "latitude" if longitude else "longitude", "coordinate_alone"


def check_resident(cells: Cells, day: str) -> Iterator[Complaint]:
    """Ask for days between 1880 and the day of the feed."""
    yield from _days(cells, day, "birth_on")
    yield from _days(cells, day, "declared_since")


def check_stay(cells: Cells, day: str) -> Iterator[Complaint]:
    """Ask for a stay that began by the day of the feed and ended no earlier than it began."""
    yield from _days(cells, day, "since")
    for place, (since, until) in enumerate(zip(cells["since"], cells["until"], strict=True)):
        if until < since:
            yield place, "until", "until_before_since"


def check_guardian(cells: Cells, _day: str) -> Iterator[Complaint]:
    """Ask for two different people."""
    pairs = zip(cells["guardian_code"], cells["child_code"], strict=True)
    for place, (guardian, child) in enumerate(pairs):
        if guardian == child:
            yield place, "guardian_code", "guardian_is_child"


def check_contact(cells: Cells, _day: str) -> Iterator[Complaint]:
    """Ask for an e-mail address or a mobile number, as the kind says."""
    for place, (kind, value) in enumerate(zip(cells["kind"], cells["value"], strict=True)):
        fault = _email_fault(value) if kind == "email" else _phone_fault(value)
        if fault:
            yield place, "value", fault


def _email_fault(value: str) -> str:
    return "email_form" if normal_email(value) is None else ""


def _phone_fault(value: str) -> str:
    number = normal_phone(value)
    if number is None:
        return "phone_form"
    return "" if is_mobile(number) else "phone_not_mobile"


def _days(cells: Cells, day: str, column: str) -> Iterator[Complaint]:
    for place, cell in enumerate(cells[column]):
        if cell > day:
            yield place, column, "date_future"
        elif cell and cell < OLDEST:
            yield place, column, "date_ancient"


ADDRESSES = FeedFile(
    "addresses",
    "Places: where residents are declared, institutions work and properties stand.",
    ("ref",),
    (
        Column("ref", Form.REF, "the registry's own key of the address", required=True),
        Column("parish", Form.TEXT, "parish or town unit (`Stopiņu pagasts`)", required=True),
        Column("town", Form.TEXT, "town or village"),
        Column("street", Form.TEXT, "street"),
        Column("house", Form.TEXT, "house number, or the name of a farmstead"),
        Column("flat", Form.TEXT, "flat"),
        Column("postcode", Form.POSTCODE, "postcode"),
        Column("latitude", Form.LATITUDE, "latitude; kept as LKS-92 metres (EPSG:3059)"),
        Column("longitude", Form.LONGITUDE, "longitude; both coordinates or none"),
    ),
    check_coordinates,
)
HOUSEHOLDS = FeedFile(
    "households",
    "People who live together.",
    ("ref",),
    (
        Column("ref", Form.REF, "the registry's own key of the household", required=True),
        Column("address_ref", Form.REF, "`ref` of addresses.csv"),
    ),
)
INSTITUTIONS = FeedFile(
    "institutions",
    "Preschools, schools and other bodies that residents attend.",
    ("ref",),
    (
        Column("ref", Form.REF, "the registry's own key of the institution", required=True),
        Column("kind", Form.CHOICE, "kind", required=True, choices=INSTITUTION_KINDS),
        Column("name", Form.TEXT, "name", required=True),
        Column("address_ref", Form.REF, "`ref` of addresses.csv"),
    ),
)
RESIDENTS = FeedFile(
    "residents",
    "The people; one row each, known again by any of their codes.",
    ("personal_code",),
    (
        Column("personal_code", Form.CODE, "the code in use", required=True),
        Column("former_codes", Form.CODES, "codes used before; a changed code keeps the person"),
        Column("given_name", Form.TEXT, "given name or names", required=True),
        Column("family_name", Form.TEXT, "family name", required=True),
        Column("birth_on", Form.DATE, "day of birth"),
        Column("sex", Form.CHOICE, "sex", choices=SEXES),
        Column("citizenship", Form.COUNTRY, "citizenship"),
        Column("language", Form.LANGUAGE, "language of messages; `lv` when empty"),
        Column("address_ref", Form.REF, "declared address: `ref` of addresses.csv"),
        Column("household_ref", Form.REF, "`ref` of households.csv"),
        Column("interests", Form.TAGS, "interests"),
        Column("social_statuses", Form.TAGS, "social statuses (special category of data)"),
        Column(
            "residence",
            Form.CHOICE,
            "declared here, or known only by a link such as a property; `declared` when empty",
            choices=RESIDENCES,
        ),
        Column("declared_since", Form.DATE, "day since which the address is declared"),
    ),
    check_resident,
)
CHILDREN = FeedFile(
    "children",
    "Parents or guardians and their children; a row for each pair.",
    ("guardian_code", "child_code"),
    (
        Column("guardian_code", Form.CODE, "code of a resident in residents.csv", required=True),
        Column("child_code", Form.CODE, "code of a resident in residents.csv", required=True),
    ),
    check_guardian,
)
ATTENDANCE = FeedFile(
    "attendance",
    "Who attends which institution.",
    ("personal_code", "institution_ref"),
    (
        Column("personal_code", Form.CODE, "code of a resident in residents.csv", required=True),
        Column("institution_ref", Form.REF, "`ref` of institutions.csv", required=True),
    ),
)
PETS = FeedFile(
    "pets",
    "Registered animals.",
    ("ref",),
    (
        Column("ref", Form.REF, "the registry's own key of the animal", required=True),
        Column("owner_code", Form.CODE, "code of a resident in residents.csv", required=True),
        Column("species", Form.CHOICE, "species", required=True, choices=SPECIES),
    ),
)
PROPERTIES = FeedFile(
    "properties",
    "Land, buildings and flats; one row for each owner.",
    ("ref",),
    (
        Column("ref", Form.REF, "the registry's own key of the ownership", required=True),
        Column("owner_code", Form.CODE, "code of a resident in residents.csv", required=True),
        Column("kind", Form.CHOICE, "kind", required=True, choices=PROPERTY_KINDS),
        Column("address_ref", Form.REF, "`ref` of addresses.csv"),
    ),
)
VEHICLES = FeedFile(
    "vehicles",
    "Registered vehicles.",
    ("ref",),
    (
        Column("ref", Form.REF, "the registry's own key of the vehicle", required=True),
        Column("owner_code", Form.CODE, "code of a resident in residents.csv", required=True),
        Column("kind", Form.CHOICE, "kind", required=True, choices=VEHICLE_KINDS),
        Column("fuel", Form.CHOICE, "fuel", choices=FUELS),
    ),
)
FORMER_ADDRESSES = FeedFile(
    "former_addresses",
    "Where residents were declared before; a row for each stay.",
    ("personal_code", "address_ref", "since"),
    (
        Column("personal_code", Form.CODE, "code of a resident in residents.csv", required=True),
        Column("address_ref", Form.REF, "`ref` of addresses.csv", required=True),
        Column("since", Form.DATE, "first day of the stay", required=True),
        Column("until", Form.DATE, "last day of the stay", required=True),
    ),
    check_stay,
)
CONTACTS = FeedFile(
    "contacts",
    "E-mail addresses and mobile numbers.",
    ("personal_code", "kind", "value"),
    (
        Column("personal_code", Form.CODE, "code of a resident in residents.csv", required=True),
        Column("kind", Form.CHOICE, "kind", required=True, choices=CONTACT_KINDS),
        Column("value", Form.TEXT, "an address, or `+371` and eight digits", required=True),
    ),
    check_contact,
)
PREFERENCES = FeedFile(
    "preferences",
    "By which channels a resident wishes messages of a topic.",
    ("personal_code", "topic"),
    (
        Column("personal_code", Form.CODE, "code of a resident in residents.csv", required=True),
        Column("topic", Form.TOPIC, "topic", required=True),
        Column("channels", Form.CHOICES, "channels; empty: the inbox alone", choices=CHANNELS),
    ),
)

FILES = (
    ADDRESSES,
    HOUSEHOLDS,
    INSTITUTIONS,
    RESIDENTS,
    CHILDREN,
    ATTENDANCE,
    PETS,
    PROPERTIES,
    VEHICLES,
    FORMER_ADDRESSES,
    CONTACTS,
    PREFERENCES,
)
MANIFEST = "manifest.json"
REMOVED = Column(
    "removed",
    Form.CHOICE,
    "`true`: what the key names is no longer there",
    choices=frozenset({"true"}),
)
"""The column that every file of a delta may have besides its own."""
