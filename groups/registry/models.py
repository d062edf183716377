"""Tables of the registry's facts; what a full snapshot no longer names is closed, not deleted.

`ref` is the registry's own name of a thing, unique within the municipality. `fingerprint` is a
keyed hash of the feed row: an equal one means that there is nothing to write. Rules see only open
rows (`closed_on` or `closed_at` is null).
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.integrity import refers
from backend.kernel.models import Base, Sensitivity, TenantOwned, personal

WHILE_REGISTERED = "while registered, then 2 years after closing"


class Address(TenantOwned, Base):
    """A place of the address register; coordinates are LKS-92 metres (EPSG:3059)."""

    __tablename__ = "address"
    __table_args__ = (
        UniqueConstraint("municipality_id", "ref"),
        Index(None, "municipality_id", "parish"),
        CheckConstraint("(easting IS NULL) = (northing IS NULL)", name="both_coordinates"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str]
    parish: Mapped[str]
    town: Mapped[str | None]
    street: Mapped[str | None]
    house: Mapped[str | None]
    flat: Mapped[str | None]
    postcode: Mapped[str | None] = mapped_column(String(7))
    easting: Mapped[float | None]
    northing: Mapped[float | None]
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    closed_at: Mapped[datetime | None]


class Household(TenantOwned, Base):
    """People who live together, as the registry counts them; `number` is dense, from 0."""

    __tablename__ = "household"
    __table_args__ = (
        UniqueConstraint("municipality_id", "ref"),
        refers("address_id", "address"),
        Index(None, "municipality_id", "address_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(info=personal(WHILE_REGISTERED))
    number: Mapped[int]
    address_id: Mapped[UUID | None] = mapped_column(info=personal(WHILE_REGISTERED))
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    closed_on: Mapped[date | None]


class Institution(TenantOwned, Base):
    """A preschool, school or other body that residents attend."""

    __tablename__ = "institution"
    __table_args__ = (
        UniqueConstraint("municipality_id", "ref"),
        refers("address_id", "address"),
        Index(None, "municipality_id", "address_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str]
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str]
    address_id: Mapped[UUID | None]
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    closed_on: Mapped[date | None]


class ResidentFact(TenantOwned, Base):
    """What the registry says of one resident; null means unknown.

    `slot` is the resident's place in columns and bitmaps: dense within the municipality, from 0,
    given once and never to another. `residence` tells who is declared here from who is known only
    by a link, such as a property. `reach` has a bit for each channel (`registry.rules`).
    """

    __tablename__ = "resident_fact"
    __table_args__ = (
        UniqueConstraint("municipality_id", "slot"),
        CheckConstraint("residence IN ('declared', 'linked')", name="residence"),
        refers("resident_id", "resident"),
        refers("address_id", "address"),
        refers("household_id", "household"),
        Index(None, "municipality_id", "address_id"),
        Index(None, "municipality_id", "household_id"),
        Index(None, "municipality_id", "birth_on"),
        Index(
            "ix_resident_fact_closed",
            "municipality_id",
            "slot",
            postgresql_where=text("closed_on IS NOT NULL"),
        ),
    )

    resident_id: Mapped[UUID] = mapped_column(primary_key=True, info=personal(WHILE_REGISTERED))
    birth_on: Mapped[date | None] = mapped_column(info=personal(WHILE_REGISTERED))
    sex: Mapped[str | None] = mapped_column(String(8), info=personal(WHILE_REGISTERED))
    citizenship: Mapped[str | None] = mapped_column(String(2), info=personal(WHILE_REGISTERED))
    language: Mapped[str | None] = mapped_column(String(8), info=personal(WHILE_REGISTERED))
    address_id: Mapped[UUID | None] = mapped_column(info=personal(WHILE_REGISTERED))
    household_id: Mapped[UUID | None] = mapped_column(info=personal(WHILE_REGISTERED))
    interests: Mapped[list[str]] = mapped_column(ARRAY(Text), info=personal(WHILE_REGISTERED))
    social_statuses: Mapped[list[str]] = mapped_column(
        ARRAY(Text), info=personal(WHILE_REGISTERED, Sensitivity.SPECIAL)
    )
    closed_on: Mapped[date | None]
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    slot: Mapped[int]
    residence: Mapped[str] = mapped_column(String(8))
    declared_since: Mapped[date | None] = mapped_column(info=personal(WHILE_REGISTERED))
    reach: Mapped[int] = mapped_column(SmallInteger, info=personal(WHILE_REGISTERED))


class Guardianship(TenantOwned, Base):
    """A parent or guardian and one child of theirs; both are residents."""

    __tablename__ = "guardianship"
    __table_args__ = (
        refers("guardian_id", "resident"),
        refers("child_id", "resident"),
        Index(None, "municipality_id", "child_id"),
    )

    guardian_id: Mapped[UUID] = mapped_column(primary_key=True, info=personal(WHILE_REGISTERED))
    child_id: Mapped[UUID] = mapped_column(primary_key=True, info=personal(WHILE_REGISTERED))
    closed_on: Mapped[date | None]
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)


class Attendance(TenantOwned, Base):
    """A resident who attends an institution."""

    __tablename__ = "attendance"
    __table_args__ = (
        refers("resident_id", "resident"),
        refers("institution_id", "institution"),
        Index(None, "municipality_id", "institution_id"),
    )

    resident_id: Mapped[UUID] = mapped_column(primary_key=True, info=personal(WHILE_REGISTERED))
    institution_id: Mapped[UUID] = mapped_column(primary_key=True, info=personal(WHILE_REGISTERED))
    closed_on: Mapped[date | None]
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)


class Pet(TenantOwned, Base):
    """An animal registered to a resident."""

    __tablename__ = "pet"
    __table_args__ = (
        UniqueConstraint("municipality_id", "ref"),
        refers("resident_id", "resident"),
        Index(None, "municipality_id", "resident_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(info=personal(WHILE_REGISTERED))
    resident_id: Mapped[UUID] = mapped_column(info=personal(WHILE_REGISTERED))
    species: Mapped[str] = mapped_column(String(16), info=personal(WHILE_REGISTERED))
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    closed_on: Mapped[date | None]


class Property(TenantOwned, Base):
    """Land, a building or a flat that a resident owns."""

    __tablename__ = "property"
    __table_args__ = (
        UniqueConstraint("municipality_id", "ref"),
        refers("resident_id", "resident"),
        refers("address_id", "address"),
        Index(None, "municipality_id", "resident_id"),
        Index(None, "municipality_id", "address_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(info=personal(WHILE_REGISTERED))
    resident_id: Mapped[UUID] = mapped_column(info=personal(WHILE_REGISTERED))
    kind: Mapped[str] = mapped_column(String(16), info=personal(WHILE_REGISTERED))
    address_id: Mapped[UUID | None] = mapped_column(info=personal(WHILE_REGISTERED))
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    closed_on: Mapped[date | None]


class Vehicle(TenantOwned, Base):
    """A vehicle registered to a resident."""

    __tablename__ = "vehicle"
    __table_args__ = (
        UniqueConstraint("municipality_id", "ref"),
        refers("resident_id", "resident"),
        Index(None, "municipality_id", "resident_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(info=personal(WHILE_REGISTERED))
    resident_id: Mapped[UUID] = mapped_column(info=personal(WHILE_REGISTERED))
    kind: Mapped[str] = mapped_column(String(16), info=personal(WHILE_REGISTERED))
    fuel: Mapped[str | None] = mapped_column(String(16), info=personal(WHILE_REGISTERED))
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    closed_on: Mapped[date | None]


class FormerAddress(TenantOwned, Base):
    """Where a resident was declared before, both days included."""

    __tablename__ = "former_address"
    __table_args__ = (
        refers("resident_id", "resident"),
        refers("address_id", "address"),
        Index(None, "municipality_id", "address_id"),
    )

    resident_id: Mapped[UUID] = mapped_column(primary_key=True, info=personal(WHILE_REGISTERED))
    address_id: Mapped[UUID] = mapped_column(primary_key=True, info=personal(WHILE_REGISTERED))
    since: Mapped[date] = mapped_column(primary_key=True, info=personal(WHILE_REGISTERED))
    until: Mapped[date] = mapped_column(info=personal(WHILE_REGISTERED))
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    closed_on: Mapped[date | None]


class SlotCounter(TenantOwned, Base):
    """The next free slot and household number; they only grow, so that none is used twice."""

    __tablename__ = "slot_counter"

    next_slot: Mapped[int]
    next_household: Mapped[int]


class RegistryValue(TenantOwned, Base):
    """One value that open rows of the registry have or had, such as a parish or a street.

    `withdrawn_on`: since when no open row has it.
    """

    __tablename__ = "registry_value"

    attribute: Mapped[str] = mapped_column(String(24), primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    first_seen_on: Mapped[date]
    withdrawn_on: Mapped[date | None]


class RegistryImport(TenantOwned, Base):
    """One finished import: when, of what, and how many rows of which file went where."""

    __tablename__ = "registry_import"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime]
    counts: Mapped[dict[str, dict[str, int]]] = mapped_column(JSONB)
    feed_digest: Mapped[bytes] = mapped_column(LargeBinary)
