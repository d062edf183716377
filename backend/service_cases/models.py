"""Tables of cases: sources, cases, their append-only history, and what waits for a match."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from typing_extensions import override

from backend.kernel.models import Base, TenantOwned, personal
from backend.kernel.signed_sources.models import SignedSource, source_constraints
from backend.service_cases.rules import Stage

AFTER_CLOSING = "10 years after the case is closed"
UNTIL_MATCHED = "until matched, at most 12 months"
STAGES = ", ".join(f"'{stage}'" for stage in Stage)


class StatusSource(SignedSource):
    """Another system that may tell statuses; its events carry `source_uri` as their source."""

    __tablename__ = "status_source"
    __table_args__ = source_constraints("source_uri")

    source_uri: Mapped[str] = mapped_column(Text)

    @property
    @override
    def address(self) -> str:
        return self.source_uri


class ServiceCase(TenantOwned, Base):
    """A case of one resident; everything but its keys is derived from its history.

    `last_sequence`, `updated_at` (when the last event occurred) and `last_event_id` are the place
    of the current event in the history. Titles are `{lv, en}`.
    """

    __tablename__ = "service_case"
    __table_args__ = (
        UniqueConstraint("municipality_id", "source_id", "number"),
        ForeignKeyConstraint(
            ["municipality_id", "source_id"], ["status_source.municipality_id", "status_source.id"]
        ),
        ForeignKeyConstraint(
            ["municipality_id", "resident_id"], ["resident.municipality_id", "resident.id"]
        ),
        Index(None, "municipality_id", "resident_id", "updated_at", "id"),
        CheckConstraint(f"stage IN ({STAGES})", name="stage"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    source_id: Mapped[UUID]
    number: Mapped[str] = mapped_column(Text)
    resident_id: Mapped[UUID] = mapped_column(info=personal(AFTER_CLOSING))
    service_code: Mapped[str] = mapped_column(Text, info=personal(AFTER_CLOSING))
    service_title: Mapped[dict[str, str]] = mapped_column(JSONB, info=personal(AFTER_CLOSING))
    stage: Mapped[str] = mapped_column(String(24))
    status: Mapped[str] = mapped_column(Text)
    step_title: Mapped[dict[str, str]] = mapped_column(JSONB, info=personal(AFTER_CLOSING))
    last_sequence: Mapped[int] = mapped_column(BigInteger)
    last_event_id: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class StatusEventRow(TenantOwned, Base):
    """One change of a case; append-only. `note_sealed` is what the source wrote to the resident.

    `fingerprint` is the keyed digest of the event's content: a repeat with another is noticed.
    """

    __tablename__ = "status_event"
    __table_args__ = (
        UniqueConstraint("municipality_id", "source_id", "event_id"),
        ForeignKeyConstraint(
            ["municipality_id", "case_id"], ["service_case.municipality_id", "service_case.id"]
        ),
        ForeignKeyConstraint(
            ["municipality_id", "source_id"], ["status_source.municipality_id", "status_source.id"]
        ),
        Index(None, "municipality_id", "case_id", "sequence"),
        CheckConstraint(f"stage IN ({STAGES})", name="stage"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    source_id: Mapped[UUID]
    event_id: Mapped[str] = mapped_column(Text)
    sequence: Mapped[int] = mapped_column(BigInteger)
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    service_code: Mapped[str] = mapped_column(Text, info=personal(AFTER_CLOSING))
    service_title: Mapped[dict[str, str]] = mapped_column(JSONB, info=personal(AFTER_CLOSING))
    stage: Mapped[str] = mapped_column(String(24))
    status: Mapped[str] = mapped_column(Text)
    step_title: Mapped[dict[str, str]] = mapped_column(JSONB, info=personal(AFTER_CLOSING))
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=personal(AFTER_CLOSING))
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)


class UnmatchedStatusEvent(TenantOwned, Base):
    """An accepted event whose person is not known, or not the case's; waits for a match.

    The whole event is sealed; `person_digest` is the keyed hash of the personal code.
    """

    __tablename__ = "unmatched_status_event"
    __table_args__ = (
        UniqueConstraint("municipality_id", "source_id", "event_id"),
        ForeignKeyConstraint(
            ["municipality_id", "source_id"], ["status_source.municipality_id", "status_source.id"]
        ),
        Index(None, "municipality_id", "source_id", "case_number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    source_id: Mapped[UUID]
    event_id: Mapped[str] = mapped_column(Text)
    case_number: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(24))
    person_digest: Mapped[bytes | None] = mapped_column(LargeBinary, info=personal(UNTIL_MATCHED))
    event_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=personal(UNTIL_MATCHED))
    received_at: Mapped[datetime]
