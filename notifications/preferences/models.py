"""The table of preferences, where no row means the default, and the stage of a registry feed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.models import Base, TenantOwned, personal
from notifications.preferences.rules import CHOOSABLE

WHILE_REGISTERED = "while registered, then 2 years after closing"
CHANNELS = ", ".join(f"'{channel}'" for channel in CHOOSABLE)


class Preference(TenantOwned, Base):
    """One resident's channels for one topic, in their order; empty: the inbox alone.

    `topic` is `*` where the registry speaks of every topic without a row of its own.
    """

    __tablename__ = "preference"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality_id", "resident_id"], ["resident.municipality_id", "resident.id"]
        ),
        CheckConstraint(f"channels <@ ARRAY[{CHANNELS}]::text[]", name="channels"),
        CheckConstraint("source IN ('registry', 'resident')", name="source"),
    )

    resident_id: Mapped[UUID] = mapped_column(primary_key=True, info=personal(WHILE_REGISTERED))
    topic: Mapped[str] = mapped_column(String(40), primary_key=True)
    channels: Mapped[list[str]] = mapped_column(ARRAY(Text), info=personal(WHILE_REGISTERED))
    source: Mapped[str] = mapped_column(String(16))
    changed_at: Mapped[datetime]


STAGED = Table(
    "stage_registry_preference",
    MetaData(),
    Column("resident_id", Uuid, nullable=False),
    Column("topic", Text, nullable=False),
    Column("channels", ARRAY(Text), nullable=False),
    Column("is_removed", Boolean, nullable=False),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)
"""What a registry feed says, for the length of one import; temporary, so never migrated."""
