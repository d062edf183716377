"""Transactional outbox: what must follow a change is written in the same transaction.

Dispatch happens after commit: `pg_notify` wakes the dispatcher, a poll heals a lost wake-up.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.ids import new_id
from backend.kernel.models import Base, TenantOwned
from backend.kernel.tenancy import TENANTS_SETTING, MunicipalityId

CHANNEL = "novads_outbox"
"""Notification channel of PostgreSQL on which the dispatcher listens."""

TOPICS: set[str] = set()
"""Every topic that some package declared; each must have a handler in the worker."""

LAST_ATTEMPT = 10
"""After this many failures an event waits for a person (`failed_at` is set)."""

Payload = Mapping[str, Any]


def topic(name: str) -> str:
    """Declare a topic; a test holds that the worker has a handler for each."""
    TOPICS.add(name)
    return name


class OutboxEvent(TenantOwned, Base):
    """A fact to be acted on after commit; payloads carry ids, never personal data."""

    __tablename__ = "outbox_event"
    __table_args__ = (Index(None, "run_at", postgresql_where=text("failed_at IS NULL")),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(Text)
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime]
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    failed_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Event:
    """One outbox event as its handler sees it."""

    id: UUID
    municipality: MunicipalityId
    topic: str
    payload: Payload
    attempts: int


Handler = Callable[[WriteSession, Event], Awaitable[None]]
"""Acts on one event inside the transaction that also removes it: exactly once in the database."""


async def publish(
    session: WriteSession, municipality: MunicipalityId, name: str, payload: Payload, now: datetime
) -> None:
    """Write an event with the change that caused it; it is dispatched after commit."""
    await publish_all(session, municipality, name, [payload], now)


async def publish_all(
    session: WriteSession,
    municipality: MunicipalityId,
    name: str,
    payloads: Sequence[Payload],
    now: datetime,
) -> None:
    """Write events of one topic, waking the dispatcher once; none wakes nobody."""
    if name not in TOPICS:
        raise ValueError(f"undeclared topic: {name}")
    if not payloads:
        return
    session.add_all(
        OutboxEvent(
            municipality_id=municipality,
            id=new_id(),
            topic=name,
            payload=dict(payload),
            created_at=now,
            run_at=now,
            attempts=0,
        )
        for payload in payloads
    )
    await session.execute(text("SELECT pg_notify(:channel, '')"), {"channel": CHANNEL})


async def lock_next_event(session: WriteSession, now: datetime) -> Event | None:
    """Lock the oldest due event of the tenants served, skipping those held by others.

    From here on the transaction serves only the event's municipality.
    """
    due = (
        select(OutboxEvent)
        .where(OutboxEvent.failed_at.is_(None), OutboxEvent.run_at <= now)
        .order_by(OutboxEvent.run_at, OutboxEvent.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = await session.scalar(due)
    if row is None:
        return None
    await session.execute(
        text("SELECT set_config(:name, :value, true)"),
        {"name": TENANTS_SETTING, "value": str(row.municipality_id)},
    )
    municipality = MunicipalityId(row.municipality_id)
    return Event(row.id, municipality, row.topic, row.payload, row.attempts)


async def remove(session: WriteSession, event: Event) -> None:
    """Remove an event in the transaction in which its handler acted."""
    await session.execute(
        delete(OutboxEvent).where(
            OutboxEvent.municipality_id == event.municipality, OutboxEvent.id == event.id
        )
    )


async def postpone(session: WriteSession, event: Event, now: datetime) -> None:
    """Note a failed attempt: the event comes again after 2^n seconds (at most an hour)."""
    attempts = event.attempts + 1
    await session.execute(
        update(OutboxEvent)
        .where(OutboxEvent.municipality_id == event.municipality, OutboxEvent.id == event.id)
        .values(
            attempts=attempts,
            run_at=now + timedelta(seconds=min(2**attempts, 3600)),
            failed_at=now if attempts >= LAST_ATTEMPT else None,
        )
    )


async def backlog(session: ReadSession) -> tuple[int, int]:
    """Count the waiting and the given-up events of the tenants served."""
    waiting = func.count().filter(OutboxEvent.failed_at.is_(None))
    row = (await session.execute(select(waiting, func.count(OutboxEvent.failed_at)))).one()
    return row[0], row[1]
