"""Temporary tables of an import: as the file's columns, personal codes as their digests."""

from sqlalchemy import Column, Date, Float, LargeBinary, SmallInteger, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

from backend.kernel.snapshots import STAGES, stage, texts, uuids
from groups.changes.models import RELATIONS

ADDRESSES = stage(
    "address",
    *uuids("id"),
    *texts("ref", "parish", "town", "street", "house", "flat", "postcode"),
    Column("easting", Float),
    Column("northing", Float),
)
HOUSEHOLDS = stage("household", *texts("ref", "address_ref"), *uuids("id", "address_id"))
INSTITUTIONS = stage(
    "institution", *texts("ref", "kind", "name", "address_ref"), *uuids("id", "address_id")
)
FACTS = stage(
    "fact",
    *texts("sex", "citizenship", "language", "address_ref", "household_ref", "residence"),
    Column("birth_on", Date),
    Column("declared_since", Date),
    Column("reach", SmallInteger),
    Column("interests", ARRAY(Text)),
    Column("social_statuses", ARRAY(Text)),
    *uuids("resident_id", "address_id", "household_id"),
)
CHILDREN = stage(
    "guardianship",
    Column("guardian_code", LargeBinary),
    Column("child_code", LargeBinary),
    *uuids("guardian_id", "child_id"),
)
ATTENDANCE = stage(
    "attendance",
    Column("personal_code", LargeBinary),
    *texts("institution_ref"),
    *uuids("resident_id", "institution_id"),
)
PETS = stage(
    "pet",
    *texts("ref", "species"),
    Column("owner_code", LargeBinary),
    *uuids("id", "resident_id"),
)
PROPERTIES = stage(
    "property",
    *uuids("id"),
    *texts("ref", "kind", "address_ref"),
    Column("owner_code", LargeBinary),
    *uuids("resident_id", "address_id"),
)
VEHICLES = stage(
    "vehicle",
    *texts("ref", "kind", "fuel"),
    Column("owner_code", LargeBinary),
    *uuids("id", "resident_id"),
)
FORMER_ADDRESSES = stage(
    "former_address",
    Column("personal_code", LargeBinary),
    *texts("address_ref"),
    Column("since", Date),
    Column("until", Date),
    *uuids("resident_id", "address_id"),
)
PREFERENCES = stage(
    "preference",
    Column("personal_code", LargeBinary),
    *texts("topic"),
    Column("channels", ARRAY(Text)),
    *uuids("resident_id"),
)


def _gathered(name: str) -> Table:
    return Table(
        f"gathered_{name}",
        STAGES,
        Column("id", Uuid, nullable=False),
        Column("mark", SmallInteger, nullable=False),
        prefixes=["TEMPORARY"],
        postgresql_on_commit="DROP",
    )


RESIDENTS_TOUCHED = _gathered("resident")
"""Residents of whom something was written in this import; some more than once.

Marked 0 if it was facts of their own, else with the relation's `RELATION_MARKS`.
"""
RELATION_MARKS = {relation: 1 << place for place, relation in enumerate(RELATIONS)}
ADDRESSES_TOUCHED = _gathered("address")
"""Addresses that changed or were closed; whoever lives or owns there has other facts now."""
INSTITUTIONS_TOUCHED = _gathered("institution")
"""Institutions that changed or were closed."""
GATHERED = (RESIDENTS_TOUCHED, ADDRESSES_TOUCHED, INSTITUTIONS_TOUCHED)
