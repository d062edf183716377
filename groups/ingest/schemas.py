"""Feeds as their senders and staff see them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from backend.kernel.patterns import LINE
from groups.ingest.manifests import announced
from groups.ingest.rules import Ending, FeedState
from groups.ingest.service import Received


class FileReceived(Struct, rename="camel", frozen=True):
    """A file of the feed, and how much of it has come."""

    name: str
    bytes: int
    received: Annotated[int, Meta(description="Bytes; the next part begins here.")]
    rows: Annotated[int | None, Meta(description="As announced.")]


class FileTaken(Struct, rename="camel", frozen=True):
    """What became of a file's rows: read = landed + rejected."""

    name: str
    read: int
    landed: int
    rejected: int
    added: int
    changed: int
    closed: int


class GateFinding(Struct, rename="camel", frozen=True):
    """What a gate found: of `rows` in the feed, `empty` say nothing in the column.

    `present` and `presentEmpty` are the same figures of what is known. Of a delta, `rows` are those
    that would be left. `column` is empty where rows are missing.
    """

    gate: str
    file: str
    column: str
    rows: int
    present: int
    empty: int
    present_empty: int


class FeedOutcome(Struct, rename="camel", frozen=True):
    """What came of a feed: counts only."""

    files: list[FileTaken]
    refused_files: list[str]
    faults: Annotated[dict[str, int], Meta(description="Faulty rows by the code of the fault.")]
    gates: list[GateFinding]
    report_complete: Annotated[bool, Meta(description="False: the report was cut off at 8 MiB.")]


class RegistryFeedView(Struct, rename="camel", frozen=True):
    """Where a feed stands."""

    feed_id: str
    form: str
    produced_at: datetime
    state: FeedState
    ending: Annotated[Ending | None, Meta(description="Why it was refused.")]
    announced_at: datetime
    completed_at: datetime | None
    finished_at: datetime | None
    files: list[FileReceived]
    outcome: FeedOutcome | None


class PartTaken(Struct, rename="camel", frozen=True):
    """How much of the file has come; the next part begins here."""

    offset: int


class StaffFeedView(Struct, rename="camel", frozen=True):
    """A feed as staff sees it, with who decided on it and why."""

    id: UUID
    source_id: UUID
    feed: RegistryFeedView
    attempts: int
    gates_overridden: bool
    import_id: UUID | None
    decided_by: UUID | None
    decided_at: datetime | None
    reason: str | None


class StaffFeedListView(Struct, rename="camel", frozen=True):
    """Feeds, the latest first."""

    feeds: list[StaffFeedView]
    next: Annotated[UUID | None, Meta(description="`before` of the next page.")]


class FeedDecision(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """Why a feed is taken or not."""

    reason: Annotated[str, Meta(min_length=3, max_length=500, pattern=LINE)]


def feed_view(found: Received) -> RegistryFeedView:
    """Show a feed to its sender."""
    feed, manifest = found.feed, announced(found.feed.manifest)
    is_coming = feed.state == FeedState.RECEIVING
    files = [
        FileReceived(
            name=file.name,
            bytes=file.size,
            received=found.sizes.get(file.name, 0) if is_coming else file.size,
            rows=file.rows,
        )
        for file in manifest.files
    ]
    return RegistryFeedView(
        feed_id=feed.name,
        form=manifest.form,
        produced_at=manifest.produced_at,
        state=FeedState(feed.state),
        ending=None if feed.ending is None else Ending(feed.ending),
        announced_at=feed.announced_at,
        completed_at=feed.completed_at,
        finished_at=feed.finished_at,
        files=files,
        outcome=_outcome(feed.outcome),
    )


def staff_feed_view(found: Received) -> StaffFeedView:
    """Show a feed to staff."""
    feed = found.feed
    return StaffFeedView(
        id=feed.id,
        source_id=feed.source_id,
        feed=feed_view(found),
        attempts=feed.attempts,
        gates_overridden=feed.gates_overridden,
        import_id=feed.import_id,
        decided_by=feed.decided_by,
        decided_at=feed.decided_at,
        reason=feed.reason,
    )


def staff_feed_list_view(page: Sequence[Received], *, more: bool) -> StaffFeedListView:
    """Show a page of feeds."""
    following = page[-1].feed.id if more and page else None
    return StaffFeedListView([staff_feed_view(found) for found in page], following)


def _outcome(kept: Mapping[str, Any] | None) -> FeedOutcome | None:
    return None if kept is None else msgspec.convert(kept, FeedOutcome)
