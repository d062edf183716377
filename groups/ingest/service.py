"""Use cases of senders: a feed is opened, its files come in parts, it is completed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from backend.kernel.db import Database, ReadSession, WriteSession
from backend.kernel.errors import Fault
from backend.kernel.personal_data import Vault
from backend.kernel.tenancy import MunicipalityId, municipality_code
from groups.ingest import queries
from groups.ingest.contents import differing, holds, seal_part
from groups.ingest.errors import (
    RegistryFeedConflict,
    RegistryFeedNotFound,
    RegistryFeedsTooMany,
    RegistryFileNotFound,
    RegistryPartTooLong,
    offset_mismatch,
)
from groups.ingest.manifests import RegistryManifest, announced, kept
from groups.ingest.models import RegistryFeed, RegistrySource
from groups.ingest.rules import FEED_NAME, MOST_OPEN_FEEDS, FeedState, missing_bytes


@dataclass(frozen=True, slots=True)
class Received:
    """A feed, and how many bytes of which file have come (nothing any more once it has ended)."""

    feed: RegistryFeed
    sizes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes of a file from an offset on."""

    file: str
    offset: int
    content: bytes

    @property
    def end(self) -> int:
        """The offset behind the last byte."""
        return self.offset + len(self.content)


async def open_feed(
    session: WriteSession,
    source: RegistrySource,
    name: str,
    manifest: RegistryManifest,
    now: datetime,
) -> Received:
    """Open a feed under the sender's name for it; the same again is the same feed.

    Raises:
        RegistryFeedNotFound: the manifest is another municipality's.
        RegistryFeedsTooMany: the source is sending several already.
        RegistryFeedConflict: `registry_manifest_differs`.
    """
    if manifest.municipality != municipality_code(MunicipalityId(source.municipality_id)):
        fault = Fault("/municipality", "other_municipality", "Not the source's municipality")
        raise RegistryFeedNotFound(faults=(fault,))
    written = kept(manifest)
    if await queries.feed_of(session, source, name) is None:
        if await queries.open_feeds(session, source) >= MOST_OPEN_FEEDS:
            raise RegistryFeedsTooMany(retry_after_seconds=60)
        await queries.open_feed(session, source, name, written, now)
    found = await shown(session, source, name)
    if found.feed.manifest != written:
        raise RegistryFeedConflict("registry_manifest_differs")
    return found


async def shown(session: ReadSession, source: RegistrySource, name: str) -> Received:
    """Give a feed of the source.

    Raises:
        RegistryFeedNotFound: the source has none of this name.
    """
    return await received(session, await _named(session, source, name))


async def received(session: ReadSession, feed: RegistryFeed) -> Received:
    """Count what has come of a feed."""
    municipality = MunicipalityId(feed.municipality_id)
    sizes = await queries.received_bytes(session, municipality, [feed.id])
    return Received(feed, sizes.get(feed.id, {}))


async def take_part(
    session: WriteSession, source: RegistrySource, name: str, part: Part, vault: Vault
) -> int:
    """Take the next part of a file; gives the offset at which the one after it begins.

    A part that is there already is taken as said again. Holds the feed.

    Raises:
        RegistryFeedNotFound, RegistryFileNotFound: no such feed or file.
        RegistryPartTooLong: it reaches beyond the file's end.
        RegistryFeedConflict: the feed takes none any more, or not at this place, or other bytes
            stand there.
    """
    feed = await _named(session, source, name, lock=True)
    file = announced(feed.manifest).file(part.file)
    if file is None:
        raise RegistryFileNotFound
    if feed.state != FeedState.RECEIVING:
        raise RegistryFeedConflict("registry_feed_not_receiving")
    if part.end > file.size:
        raise RegistryPartTooLong
    end = (await received(session, feed)).sizes.get(file.name, 0)
    if part.end <= end:
        if not await holds(session, vault, feed, file.name, part.offset, part.content):
            raise RegistryFeedConflict("registry_part_differs")
        return end
    if part.offset != end:
        raise offset_mismatch(end)
    sealed = seal_part(vault, feed, file.name, part.offset, part.content)
    await queries.add_part(session, feed, file.name, part.offset, len(part.content), sealed)
    return part.end


async def complete(
    database: Database, found: Received, *, vault: Vault, now: datetime
) -> RegistryFeed:
    """Check every file's size and SHA-256 and queue the import; again, it changes nothing.

    The hashes are made before the feed is held, which may take seconds. Files that differ are
    removed, so that they can be sent again.

    Raises:
        RegistryFeedConflict: `registry_file_incomplete` or `registry_hash_mismatch`.
    """
    if found.feed.state != FeedState.RECEIVING:
        return found.feed
    _refuse_incomplete(found)
    wrong = [file.name for file in await differing(database, vault, found.feed)]
    async with database.write((MunicipalityId(found.feed.municipality_id),)) as session:
        feed = await _queue(session, found.feed, wrong, now)
    if wrong:
        raise _faulty(feed, "registry_hash_mismatch", wrong)
    return feed


async def _queue(
    session: WriteSession, known: RegistryFeed, wrong: Sequence[str], now: datetime
) -> RegistryFeed:
    municipality = MunicipalityId(known.municipality_id)
    feed = _found(await queries.lock_feed(session, municipality, known.id))
    if feed.state != FeedState.RECEIVING:
        return feed
    if wrong:
        await queries.drop_parts(session, feed, wrong)
        return feed
    # Another completion may have removed a file since its hash was made.
    _refuse_incomplete(await received(session, feed))
    feed.state, feed.completed_at = FeedState.QUEUED, now
    await queries.wake_workers(session)
    return feed


def _refuse_incomplete(found: Received) -> None:
    files = announced(found.feed.manifest).files
    missing = [files[place].name for place in missing_bytes(files, found.sizes)]
    if missing:
        raise _faulty(found.feed, "registry_file_incomplete", missing)


def _faulty(feed: RegistryFeed, code: str, names: Sequence[str]) -> RegistryFeedConflict:
    faults = [
        Fault(f"/files/{place}", code.removeprefix("registry_"), file.name)
        for place, file in enumerate(announced(feed.manifest).files)
        if file.name in names
    ]
    return RegistryFeedConflict(code, faults=faults)


async def _named(
    session: ReadSession, source: RegistrySource, name: str, *, lock: bool = False
) -> RegistryFeed:
    """Find a feed; a name that none can have is not asked for: the database would refuse some."""
    if not re.search(FEED_NAME, name):
        raise RegistryFeedNotFound
    return _found(await queries.feed_of(session, source, name, lock=lock))


def _found(feed: RegistryFeed | None) -> RegistryFeed:
    if feed is None:
        raise RegistryFeedNotFound
    return feed
