"""Tables: one content (`dispatch`) and the message each resident keeps of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.models import Base, TenantOwned, personal

RETENTION = "24 months, then only counts"


class Dispatch(TenantOwned, Base):
    """One content on its way to its recipients, whether a campaign's or a single message's.

    `deduplication_key` lets the cause of a message (an event) be told twice and said once.
    """

    __tablename__ = "dispatch"
    __table_args__ = (
        UniqueConstraint("municipality_id", "deduplication_key"),
        CheckConstraint("recipients >= 0", name="recipients"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    deduplication_key: Mapped[str] = mapped_column(Text)
    message_class: Mapped[str] = mapped_column(Text)
    severity: Mapped[str | None] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(Text)
    channels: Mapped[list[str]] = mapped_column(ARRAY(Text))
    texts: Mapped[dict[str, Any]] = mapped_column(JSONB, info=personal(RETENTION))
    link: Mapped[str] = mapped_column(Text)
    transliterate_sms: Mapped[bool]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    recipients: Mapped[int]
    finished_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]


class Message(TenantOwned, Base):
    """The message of one resident: the inbox item, and the recipient whom chunks refer to.

    `ordinal` counts the recipients of a dispatch from 0; a chunk lists those it is for.
    """

    __tablename__ = "message"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality_id", "dispatch_id"], ["dispatch.municipality_id", "dispatch.id"]
        ),
        Index(None, "municipality_id", "resident_id", "id"),
    )

    dispatch_id: Mapped[UUID] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[UUID]
    resident_id: Mapped[UUID] = mapped_column(info=personal(RETENTION))
    language: Mapped[str] = mapped_column(Text, info=personal(RETENTION))
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None] = mapped_column(info=personal(RETENTION))
