"""Every statement of feeds and their parts, as senders and staff cause them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.ids import new_id
from backend.kernel.tenancy import MunicipalityId
from groups.ingest.models import RegistryFeed, RegistryFeedPart, RegistryRequest, RegistrySource
from groups.ingest.rules import FeedState

WAKE_CHANNEL = "novads_registry_feed"
"""Notification channel of PostgreSQL on which workers hear of complete feeds."""


async def note_request(
    session: WriteSession, source: RegistrySource, webhook_id: str, now: datetime
) -> bool:
    """Keep a request's id; False when it was acted on before. Waits for one that is under way."""
    kept = (
        insert(RegistryRequest)
        .values(
            municipality_id=source.municipality_id,
            source_id=source.id,
            webhook_id=webhook_id,
            seen_at=now,
        )
        .on_conflict_do_nothing()
        .returning(RegistryRequest.webhook_id)
    )
    return await session.scalar(kept) is not None


async def open_feed(
    session: WriteSession,
    source: RegistrySource,
    name: str,
    manifest: Mapping[str, Any],
    now: datetime,
) -> None:
    """Put a feed in its place unless one of the name is there; a concurrent one is waited for."""
    await session.execute(
        insert(RegistryFeed)
        .values(
            municipality_id=source.municipality_id,
            id=new_id(),
            source_id=source.id,
            name=name,
            manifest=dict(manifest),
            state=FeedState.RECEIVING,
            announced_at=now,
            attempts=0,
            gates_overridden=False,
        )
        .on_conflict_do_nothing()
    )


async def feed_of(
    session: ReadSession, source: RegistrySource, name: str, *, lock: bool = False
) -> RegistryFeed | None:
    """Find a source's feed by the sender's name; with `lock`, hold it until commit."""
    query = select(RegistryFeed).where(
        RegistryFeed.municipality_id == source.municipality_id,
        RegistryFeed.source_id == source.id,
        RegistryFeed.name == name,
    )
    return await session.scalar(query.with_for_update() if lock else query)


async def open_feeds(session: ReadSession, source: RegistrySource) -> int:
    """Count the feeds that a source is sending."""
    counted = select(func.count()).where(
        RegistryFeed.municipality_id == source.municipality_id,
        RegistryFeed.source_id == source.id,
        RegistryFeed.state == FeedState.RECEIVING,
    )
    return await session.scalar(counted) or 0


async def lock_feed(
    session: WriteSession, municipality: MunicipalityId, feed_id: UUID
) -> RegistryFeed | None:
    """Hold a feed until commit."""
    return await session.scalar(
        select(RegistryFeed)
        .where(RegistryFeed.municipality_id == municipality, RegistryFeed.id == feed_id)
        .with_for_update()
    )


async def feed_by_id(
    session: ReadSession, municipality: MunicipalityId, feed_id: UUID
) -> RegistryFeed | None:
    """Find a feed of a municipality."""
    return await session.get(RegistryFeed, (municipality, feed_id))


async def latest_feeds(
    session: ReadSession, municipality: MunicipalityId, *, before: UUID | None, limit: int
) -> Sequence[RegistryFeed]:
    """List feeds, the latest first, from behind the feed `before` on."""
    query = select(RegistryFeed).where(RegistryFeed.municipality_id == municipality)
    if before is not None:
        query = query.where(RegistryFeed.id < before)
    return (await session.scalars(query.order_by(RegistryFeed.id.desc()).limit(limit))).all()


async def received_bytes(
    session: ReadSession, municipality: MunicipalityId, feeds: Sequence[UUID]
) -> Mapping[UUID, Mapping[str, int]]:
    """Tell of each feed how many bytes of which file have come."""
    part = RegistryFeedPart
    query = (
        select(part.feed_id, part.file, func.sum(part.size))
        .where(part.municipality_id == municipality, part.feed_id.in_(feeds))
        .group_by(part.feed_id, part.file)
    )
    found: dict[UUID, dict[str, int]] = {}
    for feed_id, file, size in await session.execute(query):
        found.setdefault(feed_id, {})[file] = int(size)
    return found


async def add_part(
    session: WriteSession, feed: RegistryFeed, file: str, start: int, size: int, sealed: bytes
) -> None:
    """Keep a part; the feed is held by the caller."""
    await session.execute(
        insert(RegistryFeedPart).values(
            municipality_id=feed.municipality_id,
            feed_id=feed.id,
            file=file,
            start=start,
            size=size,
            content_sealed=sealed,
        )
    )


async def part_at(
    session: ReadSession, feed: RegistryFeed, file: str, offset: int
) -> tuple[int, bytes] | None:
    """Give the part that holds the byte at an offset, with its own first offset."""
    part = RegistryFeedPart
    row = (
        await session.execute(
            select(part.start, part.content_sealed)
            .where(
                part.municipality_id == feed.municipality_id,
                part.feed_id == feed.id,
                part.file == file,
                part.start <= offset,
                part.start + part.size > offset,
            )
            .limit(1)
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


async def drop_parts(
    session: WriteSession, feed: RegistryFeed, files: Sequence[str] | None = None
) -> None:
    """Remove what was received of these files, or of all."""
    part = RegistryFeedPart
    removal = delete(part).where(
        part.municipality_id == feed.municipality_id, part.feed_id == feed.id
    )
    await session.execute(removal if files is None else removal.where(part.file.in_(files)))


async def wake_workers(session: WriteSession) -> None:
    """Tell workers, after commit, that a feed may be imported."""
    await session.execute(text("SELECT pg_notify(:channel, '')"), {"channel": WAKE_CHANNEL})
