"""Tables of the queue: chunks, results, provider receipts and counters."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.models import Base, TenantOwned


def of_dispatch() -> ForeignKeyConstraint:
    """Refer to the dispatch that a row of the queue belongs to."""
    return ForeignKeyConstraint(
        ["municipality_id", "dispatch_id"], ["dispatch.municipality_id", "dispatch.id"]
    )


class Chunk(TenantOwned, Base):
    """A job of the queue: some waiting deliveries of one dispatch on one channel.

    `ordinals` names their messages. Deliveries to be tried again become a new chunk with `tries`
    one higher; so does a chunk whose worker let its lease run out. `claims` is the fencing token:
    who acknowledges must name the count it claimed.
    """

    __tablename__ = "chunk"
    __table_args__ = (
        of_dispatch(),
        Index("ix_chunk_ready", "lane", "run_at", "id", postgresql_where=text("state = 'ready'")),
        Index("ix_chunk_leased", "lease_until", postgresql_where=text("state = 'leased'")),
        Index(None, "municipality_id", "dispatch_id", "state"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    dispatch_id: Mapped[UUID]
    channel: Mapped[str] = mapped_column(Text)
    lane: Mapped[int] = mapped_column(SmallInteger)
    run_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(Text, comment="ready, leased, done or cancelled")
    claims: Mapped[int]
    tries: Mapped[int] = mapped_column(SmallInteger)
    planned_as: Mapped[str] = mapped_column(
        Text, comment="the state counted for them: queued or held"
    )
    lease_until: Mapped[datetime | None]
    ordinals: Mapped[list[int]] = mapped_column(ARRAY(Integer))


class DeliveryResult(TenantOwned, Base):
    """What happened to a delivery, in order; append-only, the last one is its state.

    A delivery without a result waits in a chunk; one that is never made has the one result
    `suppressed` with its reason.
    """

    __tablename__ = "delivery_result"
    __table_args__ = (
        of_dispatch(),
        Index(None, "municipality_id", "dispatch_id", "channel", "ordinal"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    dispatch_id: Mapped[UUID]
    channel: Mapped[str] = mapped_column(Text)
    ordinal: Mapped[int]
    state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    provider_ref: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class Tally(TenantOwned, Base):
    """A change of a campaign's counters, written with what it counts; the sum is the counter."""

    __tablename__ = "tally"
    __table_args__ = (of_dispatch(), Index(None, "municipality_id", "dispatch_id"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    dispatch_id: Mapped[UUID]
    channel: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    delta: Mapped[int]


class ProviderReceipt(TenantOwned, Base):
    """The provider's later word on a delivery, recorded as received, folded in by a job.

    It is due at once; one that came before the result of its own send, a little later again.
    """

    __tablename__ = "provider_receipt"
    __table_args__ = (
        of_dispatch(),
        Index(None, "due_at", "id"),
        Index(None, "municipality_id", "dispatch_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    dispatch_id: Mapped[UUID]
    channel: Mapped[str] = mapped_column(Text)
    ordinal: Mapped[int]
    state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    provider_ref: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime]
    due_at: Mapped[datetime]
