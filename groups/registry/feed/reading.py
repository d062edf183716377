"""Reading one file of a feed, batch by batch, in whichever of its forms it comes."""

import hashlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TextIO

from groups.registry.feed.columns import FeedFile
from groups.registry.feed.faults import RowFault
from groups.registry.feed.files import FILES, MANIFEST, REMOVED
from groups.registry.feed.objects import JsonRecords
from groups.registry.feed.records import CsvRecords, open_text
from groups.registry.feed.rows import Batch, Header, bind_header, judge


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened file: what is wrong with its header, and its rows in batches if it is usable."""

    faults: tuple[RowFault, ...]
    usable: bool
    batches: Iterator[Batch]


Records = CsvRecords | JsonRecords


@contextmanager
def opened(
    path: Path, feed: FeedFile, *, day: date, batch: int, is_delta: bool = False
) -> Generator[Opened]:
    """Open one file; `day` is the civil day on which the feed was produced.

    Raises:
        FeedRefused: while it is read: a packed file is damaged.
    """
    with open_text(path) as lines:
        records = _records(path, feed, lines, is_delta=is_delta)
        first = next(records, None)
        if first is None:
            missing = RowFault(path.name, 1, "", "header_missing")
            yield Opened((missing,), usable=False, batches=iter(()))
            return
        header = bind_header(feed, first, path.name, is_delta=is_delta)
        yield Opened(header.faults, header.usable, _batches(header, records, day, batch))


def _records(path: Path, feed: FeedFile, lines: TextIO, *, is_delta: bool) -> Records:
    """Give the header and then the rows; objects have a header that names all columns."""
    if ".ndjson" not in path.suffixes:
        return CsvRecords(lines)
    columns = (*feed.columns, REMOVED) if is_delta else feed.columns
    return JsonRecords(lines, [column.name for column in columns])


def _batches(header: Header, records: Records, day: date, size: int) -> Iterator[Batch]:
    while sheet := records.sheet(header.width, size):
        yield judge(header, sheet, day.isoformat())


def find_file(directory: Path, feed: FeedFile) -> Path | None:
    """Find a file of the feed in the first of its forms that is there."""
    return next(_forms(directory, feed), None)


def stray_files(directory: Path, report: Path) -> list[RowFault]:
    """Name the files of a directory that are not read; hidden ones and the report apart."""
    known = {name for feed in FILES for name in feed.names} | {MANIFEST}
    strangers = sorted(
        path.name
        for path in directory.iterdir()
        if path.name not in known
        and not path.name.startswith(".")
        and path.resolve() != report.resolve()
    )
    repeated = (path.name for feed in FILES for path in islice(_forms(directory, feed), 1, None))
    return [*_faults(strangers, "file_unknown"), *_faults(repeated, "file_repeated")]


def feed_digest(directory: Path) -> bytes:
    """Give the SHA-256 of the feed's files, names included."""
    whole = hashlib.sha256()
    files = (find_file(directory, feed) for feed in FILES)
    for path in (directory / MANIFEST, *(path for path in files if path is not None)):
        with path.open("rb") as content:
            part = hashlib.file_digest(content, "sha256").digest()
        whole.update(path.name.encode() + b"\0" + part)
    return whole.digest()


def _forms(directory: Path, feed: FeedFile) -> Iterator[Path]:
    return (path for name in feed.names if (path := directory / name).exists())


def _faults(files: Iterable[str], code: str) -> Iterator[RowFault]:
    return (RowFault(file, 1, "", code) for file in files)
