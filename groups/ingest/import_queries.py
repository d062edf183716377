"""Every statement of importing feeds, and of removing what has been kept long enough."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, tuple_, update
from sqlalchemy.orm import aliased

from backend.kernel.db import WriteSession
from backend.kernel.tenancy import MunicipalityId
from groups.ingest.models import RegistryFeed, RegistryFeedPart, RegistryRequest
from groups.ingest.outcomes import Outcome
from groups.ingest.queries import drop_parts
from groups.ingest.rules import (
    ENDED,
    KEEP_FEEDS,
    KEEP_PARTS,
    KEEP_REQUEST_IDS,
    LEASE,
    REJECTABLE,
    WAITING,
    Ending,
    FeedState,
)


async def claim_feed(session: WriteSession, now: datetime) -> RegistryFeed | None:
    """Take the next feed of the tenants served, for the time of a lease, as a new attempt.

    A municipality's feeds go one by one in the order of their completion: one that is imported
    under a valid lease, or held, keeps those behind it waiting. Rows that others hold are skipped.
    """
    earlier = aliased(RegistryFeed)
    goes_first = exists().where(
        earlier.municipality_id == RegistryFeed.municipality_id,
        earlier.state.in_(WAITING),
        tuple_(earlier.completed_at, earlier.id)
        < tuple_(RegistryFeed.completed_at, RegistryFeed.id),
    )
    abandoned = and_(RegistryFeed.state == FeedState.IMPORTING, RegistryFeed.lease_until <= now)
    feed = await session.scalar(
        select(RegistryFeed)
        .where(or_(RegistryFeed.state == FeedState.QUEUED, abandoned), ~goes_first)
        .order_by(RegistryFeed.completed_at, RegistryFeed.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if feed is not None:
        feed.state, feed.lease_until = FeedState.IMPORTING, now + LEASE
        feed.attempts += 1
    return feed


async def extend_lease(session: WriteSession, feed: RegistryFeed, until: datetime) -> bool:
    """Keep an attempt's lease until an instant; False when a later attempt has begun."""
    kept = update(RegistryFeed).where(_is_this_attempt(feed)).values(lease_until=until)
    return await session.scalar(kept.returning(RegistryFeed.id)) is not None


async def end_attempt(
    session: WriteSession, feed: RegistryFeed, outcome: Outcome, now: datetime
) -> bool:
    """Write down how an attempt ended; False when a later attempt has begun: nothing changes.

    The parts of a feed that is imported or refused are removed.
    """
    ended = (
        update(RegistryFeed)
        .where(_is_this_attempt(feed))
        .values(
            state=outcome.state,
            lease_until=None,
            finished_at=now,
            ending=outcome.ending,
            import_id=outcome.import_id,
            outcome=outcome.figures,
            report=outcome.report,
        )
        .returning(RegistryFeed.id)
    )
    if await session.scalar(ended) is None:
        return False
    if outcome.state in ENDED:
        await drop_parts(session, feed)
    return True


async def purge(session: WriteSession, municipality: MunicipalityId, now: datetime) -> None:
    """Refuse feeds whose parts have lain for 7 days, and remove what is older than its time."""
    feed, part, request = RegistryFeed, RegistryFeedPart, RegistryRequest
    await session.execute(
        update(feed)
        .where(
            feed.municipality_id == municipality,
            feed.state.in_(REJECTABLE),
            feed.announced_at <= now - KEEP_PARTS,
        )
        .values(state=FeedState.REFUSED, ending=Ending.EXPIRED, finished_at=now)
    )
    over = select(feed.id).where(feed.municipality_id == municipality, feed.state.in_(ENDED))
    await session.execute(
        delete(part).where(part.municipality_id == municipality, part.feed_id.in_(over))
    )
    await session.execute(
        delete(feed).where(
            feed.municipality_id == municipality,
            feed.state.in_(ENDED),
            feed.finished_at <= now - KEEP_FEEDS,
        )
    )
    await session.execute(
        delete(request).where(
            request.municipality_id == municipality, request.seen_at <= now - KEEP_REQUEST_IDS
        )
    )


def _is_this_attempt(feed: RegistryFeed) -> ColumnElement[bool]:
    return and_(
        RegistryFeed.municipality_id == feed.municipality_id,
        RegistryFeed.id == feed.id,
        RegistryFeed.state == FeedState.IMPORTING,
        RegistryFeed.attempts == feed.attempts,
    )
