"""What staff sees of feeds and decides on them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from backend.kernel import audit
from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.principals import Principal
from groups.ingest import queries
from groups.ingest.errors import RegistryFeedNotFound, RegistryFeedNotHeld
from groups.ingest.models import RegistryFeed
from groups.ingest.rules import REJECTABLE, Ending, FeedState
from groups.ingest.service import Received, received

SUBJECT = "registry_feed"


async def listed(
    session: ReadSession, actor: Principal, *, before: UUID | None, limit: int
) -> tuple[Sequence[Received], bool]:
    """List feeds of the municipality, the latest first; tells whether there are more."""
    municipality = actor.municipality
    feeds = await queries.latest_feeds(session, municipality, before=before, limit=limit + 1)
    page = feeds[:limit]
    sizes = await queries.received_bytes(session, municipality, [feed.id for feed in page])
    return [Received(feed, sizes.get(feed.id, {})) for feed in page], len(feeds) > limit


async def shown(session: ReadSession, actor: Principal, feed_id: UUID) -> Received:
    """Give a feed of the municipality.

    Raises:
        RegistryFeedNotFound: there is no such feed.
    """
    feed = await queries.feed_by_id(session, actor.municipality, feed_id)
    if feed is None:
        raise RegistryFeedNotFound
    return await received(session, feed)


async def accept(
    session: WriteSession, actor: Principal, feed_id: UUID, *, reason: str, now: datetime
) -> Received:
    """Have a held feed imported whatever its gates say.

    Raises:
        RegistryFeedNotFound: there is no such feed.
        RegistryFeedNotHeld: it is not held.
    """
    feed = await _decided(session, actor, feed_id, frozenset({FeedState.HELD}), reason, now)
    feed.state, feed.gates_overridden, feed.attempts = FeedState.QUEUED, True, 0
    feed.finished_at = None
    audit.record(session, actor, "registry_feed.accept", (SUBJECT, feed.id), now=now)
    await queries.wake_workers(session)
    return await received(session, feed)


async def reject(
    session: WriteSession, actor: Principal, feed_id: UUID, *, reason: str, now: datetime
) -> Received:
    """End a feed that is not being imported; what was received of it is removed.

    Raises:
        RegistryFeedNotFound: there is no such feed.
        RegistryFeedNotHeld: it is being imported or has ended.
    """
    feed = await _decided(session, actor, feed_id, REJECTABLE, reason, now)
    feed.state, feed.ending, feed.finished_at = FeedState.REFUSED, Ending.REJECTED, now
    await queries.drop_parts(session, feed)
    audit.record(session, actor, "registry_feed.reject", (SUBJECT, feed.id), now=now)
    await queries.wake_workers(session)
    return await received(session, feed)


async def _decided(
    session: WriteSession,
    actor: Principal,
    feed_id: UUID,
    states: frozenset[FeedState],
    reason: str,
    now: datetime,
) -> RegistryFeed:
    feed = await queries.lock_feed(session, actor.municipality, feed_id)
    if feed is None:
        raise RegistryFeedNotFound
    if feed.state not in states:
        raise RegistryFeedNotHeld
    feed.decided_by, feed.decided_at, feed.reason = actor.subject_id, now, reason
    return feed
