"""Tables of feeds: who may send them, what was announced, the parts until they are imported."""

from datetime import datetime
from typing import Any
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
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from typing_extensions import override

from backend.kernel.models import Base, Sensitivity, TenantOwned, personal
from backend.kernel.signed_sources.models import SignedSource, source_constraints
from backend.kernel.tenancy import MunicipalityId, municipality_code
from groups.ingest.rules import FeedState

UNTIL_IMPORTED = "until imported, at most 7 days"
STATES = ", ".join(f"'{state}'" for state in FeedState)


class RegistrySource(SignedSource):
    """Another system that may send feeds of the municipality's registry."""

    __tablename__ = "registry_source"
    __table_args__ = source_constraints("name")

    @property
    @override
    def address(self) -> str:
        return f"{municipality_code(MunicipalityId(self.municipality_id))}.{self.id}"


class RegistryRequest(TenantOwned, Base):
    """The id of a signed request that was acted on; the same is not acted on twice."""

    __tablename__ = "registry_request"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality_id", "source_id"],
            ["registry_source.municipality_id", "registry_source.id"],
        ),
        Index(None, "municipality_id", "seen_at"),
    )

    source_id: Mapped[UUID] = mapped_column(primary_key=True)
    webhook_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    seen_at: Mapped[datetime]


class RegistryFeed(TenantOwned, Base):
    """One feed: announced, received, imported or refused; kept for 24 months without its parts.

    `name` is the sender's own. `attempts` counts the tries to import it; of two tries the one of
    the higher number counts, and it may be repeated after `lease_until`. `reason` is that of whoever
    accepted or rejected it. `outcome` has counts only, `report` is packed CSV without values.
    """

    __tablename__ = "registry_feed"
    __table_args__ = (
        UniqueConstraint("municipality_id", "source_id", "name"),
        ForeignKeyConstraint(
            ["municipality_id", "source_id"],
            ["registry_source.municipality_id", "registry_source.id"],
        ),
        CheckConstraint(f"state IN ({STATES})", name="state"),
        CheckConstraint(
            "(state = 'receiving') = (completed_at IS NULL) OR state = 'refused'",
            name="completed",
        ),
        CheckConstraint("(state = 'importing') = (lease_until IS NOT NULL)", name="lease"),
        CheckConstraint("(state = 'refused') = (ending IS NOT NULL)", name="ending"),
        Index(
            None,
            "municipality_id",
            "completed_at",
            "id",
            postgresql_where=text("state IN ('queued', 'importing', 'held')"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    source_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(64))
    manifest: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(String(12))
    announced_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int]
    gates_overridden: Mapped[bool]
    ending: Mapped[str | None] = mapped_column(String(24))
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
    import_id: Mapped[UUID | None]
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    report: Mapped[bytes | None] = mapped_column(LargeBinary)


class RegistryFeedPart(TenantOwned, Base):
    """Consecutive bytes of one file of a feed, from `start` on, sealed."""

    __tablename__ = "registry_feed_part"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality_id", "feed_id"], ["registry_feed.municipality_id", "registry_feed.id"]
        ),
    )

    feed_id: Mapped[UUID] = mapped_column(primary_key=True)
    file: Mapped[str] = mapped_column(String(64), primary_key=True)
    start: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    size: Mapped[int]
    content_sealed: Mapped[bytes] = mapped_column(
        LargeBinary, info=personal(UNTIL_IMPORTED, Sensitivity.SPECIAL)
    )
