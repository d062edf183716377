"""How feeds go from state to state, and how large they may be."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LARGEST_PART_BYTES = 8 * 1024 * 1024
MOST_FEED_BYTES = 8 * 1024**3
"""Of all files as they are sent; two million residents make about one gigabyte of CSV."""
MOST_UNPACKED_BYTES = 16 * 1024**3
MOST_TIMES_PACKED = 100
"""How many times its size a gzip file may unpack to; registries as CSV pack about ten times."""
ALWAYS_UNPACKED_BYTES = 16 * 1024**2
"""Up to here the ratio is not looked at: small files of repeated rows pack very well."""
MOST_OPEN_FEEDS = 4
"""Feeds that one source may be sending at a time."""
MOST_REPORT_BYTES = 8 * 1024**2
KEEP_PARTS = timedelta(days=7)
KEEP_FEEDS = timedelta(days=731)
KEEP_REQUEST_IDS = timedelta(hours=1)
"""Longer than the signature of a request counts, so that none can be used twice."""
LEASE = timedelta(minutes=2)
LAST_ATTEMPT = 5

FORMAT = "novads-registry-feed/1"
FEED_NAME = r"^[A-Za-z0-9._-]{1,64}$(?!\n)"
OFFSET = re.compile("[0-9]{1,12}")
UNPACKED_FORMS = ("csv", "ndjson")


class FeedState(StrEnum):
    """Where a feed stands."""

    RECEIVING = "receiving"
    QUEUED = "queued"
    """Complete; earlier feeds of the municipality go first."""
    IMPORTING = "importing"
    IMPORTED = "imported"
    HELD = "held"
    """The gates stopped it; a person decides, and later feeds of the municipality wait."""
    REFUSED = "refused"


WAITING = frozenset({FeedState.QUEUED, FeedState.IMPORTING, FeedState.HELD})
"""Complete and not ended: feeds that were completed later wait behind these."""
ENDED = frozenset({FeedState.IMPORTED, FeedState.REFUSED})
REJECTABLE = frozenset({FeedState.RECEIVING, FeedState.QUEUED, FeedState.HELD})


class Ending(StrEnum):
    """Why a feed was refused."""

    REJECTED = "rejected"
    EXPIRED = "expired"
    FAILED = "import_failed"
    PACKED_TOO_DENSELY = "packed_too_densely"
    PACKING_BROKEN = "packing_broken"
    CONTENT_CHANGED = "content_changed"
    MANIFEST_INVALID = "manifest_invalid"


@dataclass(frozen=True, slots=True)
class FeedFile:
    """A file as the manifest announces it: `sha256` of the bytes as sent, in small hex letters."""

    name: str
    size: int
    sha256: str
    rows: int | None

    @property
    def is_packed(self) -> bool:
        """Whether it is sent as gzip."""
        return self.name.endswith(".gz")


@dataclass(frozen=True, slots=True)
class Announced:
    """A manifest, checked: what will be sent, of what form, and when it was produced."""

    produced_at: datetime
    form: str
    files: tuple[FeedFile, ...]

    def file(self, name: str) -> FeedFile | None:
        """Find a file by its name."""
        return next((one for one in self.files if one.name == name), None)


def unpacked_name(name: str) -> str:
    """Give the name of a file when it is no longer packed."""
    return name.removesuffix(".gz")


def subject_of(name: str) -> str | None:
    """Tell which file of the format a name stands for: `pets.ndjson.gz` for `pets`."""
    stem, _, form = unpacked_name(name).rpartition(".")
    return stem if form in UNPACKED_FORMS else None


def missing_bytes(files: Sequence[FeedFile], received: Mapping[str, int]) -> list[int]:
    """Give the places, in the manifest, of the files that have not been sent to their end."""
    return [place for place, file in enumerate(files) if received.get(file.name, 0) != file.size]


def is_too_dense(packed: int, unpacked: int) -> bool:
    """Whether so many packed bytes may not have become so many."""
    if unpacked > MOST_UNPACKED_BYTES:
        return True
    return unpacked > ALWAYS_UNPACKED_BYTES and unpacked > packed * MOST_TIMES_PACKED
