"""Reading one file of a feed, batch by batch."""

import hashlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from groups.registry.feed.columns import FeedFile
from groups.registry.feed.faults import RowFault
from groups.registry.feed.files import FILES, MANIFEST
from groups.registry.feed.records import Record, open_text, read_records
from groups.registry.feed.rows import Header, Judged, bind_header, judge


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened file: what is wrong with its header, and its rows in batches if it is usable."""

    faults: tuple[RowFault, ...]
    usable: bool
    batches: Iterator[list[Judged]]


@contextmanager
def opened(path: Path, feed: FeedFile, *, day: date, batch: int) -> Generator[Opened]:
    """Open one file; `day` is the civil day on which the feed was produced."""
    with open_text(path) as lines:
        records = read_records(lines)
        first = next(records, None)
        if first is None:
            yield Opened(
                (RowFault(feed.name, 1, "", "header_missing"),), usable=False, batches=iter(())
            )
            return
        header = bind_header(feed, first)
        batches = _batches(feed, header, records, day, batch)
        yield Opened(header.faults, header.usable, batches)


def _batches(
    feed: FeedFile, header: Header, records: Iterator[Record], day: date, size: int
) -> Iterator[list[Judged]]:
    while rows := [judge(feed, header, record, day) for record in islice(records, size)]:
        yield rows


def unknown_files(directory: Path, report: Path) -> list[RowFault]:
    """Name the files of a feed's directory that no one reads; hidden ones and the report apart."""
    known = {feed.name for feed in FILES} | {MANIFEST}
    strangers = sorted(
        path.name
        for path in directory.iterdir()
        if path.name not in known
        and not path.name.startswith(".")
        and path.resolve() != report.resolve()
    )
    return [RowFault(name, 1, "", "file_unknown") for name in strangers]


def feed_digest(directory: Path) -> bytes:
    """Give the SHA-256 of the feed's files, names included."""
    whole = hashlib.sha256()
    for name in (MANIFEST, *(feed.name for feed in FILES)):
        path = directory / name
        if path.exists():
            with path.open("rb") as content:
                part = hashlib.file_digest(content, "sha256").digest()
            whole.update(name.encode() + b"\0" + part)
    return whole.digest()
