"""The files of a registry feed, in the order in which they are taken."""

from collections.abc import Iterator
from datetime import date

from backend.residents.public import is_mobile, normal_email, normal_phone
from groups.registry.feed.columns import Column, Complaint, FeedFile, Form, Row

OLDEST_BIRTH = date(1880, 1, 1)
CHANNELS = frozenset({"push", "web_push", "email", "sms"})
INSTITUTION_KINDS = frozenset({"preschool", "school", "interest_school", "social_care", "other"})
SPECIES = frozenset({"dog", "cat", "ferret", "other"})
PROPERTY_KINDS = frozenset({"land", "building", "flat"})
SEXES = frozenset({"female", "male"})
CONTACT_KINDS = frozenset({"email", "sms"})


def check_coordinates(row: Row, _day: date) -> Iterator[Complaint]:
    """Ask for both coordinates or none."""
    if (row["latitude"] is None) != (row["longitude"] is None):
        yield ("longitude" if row["longitude"] is None else "latitude"), "coordinate_alone"


def check_birth(row: Row, day: date) -> Iterator[Complaint]:
    """Ask for a birth between 1880 and the day of the feed."""
    birth_on = row["birth_on"]
    if isinstance(birth_on, date):
        if birth_on > day:
            yield "birth_on", "date_future"
        elif birth_on < OLDEST_BIRTH:
            yield "birth_on", "date_ancient"


def check_guardian(row: Row, _day: date) -> Iterator[Complaint]:
    """Ask for two different people."""
    if row["guardian_code"] == row["child_code"]:
        yield "guardian_code", "guardian_is_child"


def check_contact(row: Row, _day: date) -> Iterator[Complaint]:
    """Ask for an e-mail address or a mobile number, as the kind says."""
    value = str(row["value"])
    if row["kind"] == "email":
        if normal_email(value) is None:
            yield "value", "email_form"
        return
    number = normal_phone(value)
    if number is None:
        yield "value", "phone_form"
    elif not is_mobile(number):
        yield "value", "phone_not_mobile"


ADDRESSES = FeedFile(
    "addresses.csv",
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
    "households.csv",
    "People who live together.",
    ("ref",),
    (
        Column("ref", Form.REF, "the registry's own key of the household", required=True),
        Column("address_ref", Form.REF, "`ref` of addresses.csv"),
    ),
)
INSTITUTIONS = FeedFile(
    "institutions.csv",
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
    "residents.csv",
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
    ),
    check_birth,
)
CHILDREN = FeedFile(
    "children.csv",
    "Parents or guardians and their children; a row for each pair.",
    ("guardian_code", "child_code"),
    (
        Column("guardian_code", Form.CODE, "code of a resident in residents.csv", required=True),
        Column("child_code", Form.CODE, "code of a resident in residents.csv", required=True),
    ),
    check_guardian,
)
ATTENDANCE = FeedFile(
    "attendance.csv",
    "Who attends which institution.",
    ("personal_code", "institution_ref"),
    (
        Column("personal_code", Form.CODE, "code of a resident in residents.csv", required=True),
        Column("institution_ref", Form.REF, "`ref` of institutions.csv", required=True),
    ),
)
PETS = FeedFile(
    "pets.csv",
    "Registered animals.",
    ("ref",),
    (
        Column("ref", Form.REF, "the registry's own key of the animal", required=True),
        Column("owner_code", Form.CODE, "code of a resident in residents.csv", required=True),
        Column("species", Form.CHOICE, "species", required=True, choices=SPECIES),
    ),
)
PROPERTIES = FeedFile(
    "properties.csv",
    "Land, buildings and flats; one row for each owner.",
    ("ref",),
    (
        Column("ref", Form.REF, "the registry's own key of the ownership", required=True),
        Column("owner_code", Form.CODE, "code of a resident in residents.csv", required=True),
        Column("kind", Form.CHOICE, "kind", required=True, choices=PROPERTY_KINDS),
        Column("address_ref", Form.REF, "`ref` of addresses.csv"),
    ),
)
CONTACTS = FeedFile(
    "contacts.csv",
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
    "preferences.csv",
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
    CONTACTS,
    PREFERENCES,
)
MANIFEST = "manifest.json"
