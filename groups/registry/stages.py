"""Temporary tables of an import: as the file's columns, personal codes as their digests."""

from sqlalchemy import Column, Date, Float, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY

from backend.kernel.snapshots import stage, texts, uuids

ADDRESSES = stage(
    "address",
    *texts("ref", "parish", "town", "street", "house", "flat", "postcode"),
    Column("easting", Float),
    Column("northing", Float),
)
HOUSEHOLDS = stage("household", *texts("ref", "address_ref"), *uuids("address_id"))
INSTITUTIONS = stage(
    "institution", *texts("ref", "kind", "name", "address_ref"), *uuids("address_id")
)
FACTS = stage(
    "fact",
    *texts("sex", "citizenship", "language", "address_ref", "household_ref"),
    Column("birth_on", Date),
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
    "pet", *texts("ref", "species"), Column("owner_code", LargeBinary), *uuids("resident_id")
)
PROPERTIES = stage(
    "property",
    *texts("ref", "kind", "address_ref"),
    Column("owner_code", LargeBinary),
    *uuids("resident_id", "address_id"),
)
PREFERENCES = stage(
    "preference",
    Column("personal_code", LargeBinary),
    *texts("topic"),
    Column("channels", ARRAY(Text)),
    *uuids("resident_id"),
)
