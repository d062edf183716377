"""Writing a feed: one CSV file per declared file, the columns in their declared order."""

import csv
from collections import Counter
from collections.abc import Generator, Iterable, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import msgspec

from groups.registry.feed.columns import FeedFile
from groups.registry.feed.files import FILES, MANIFEST
from groups.registry.feed.manifest import ManifestDocument
from groups.registry.report import CsvWriter


@dataclass(slots=True)
class FeedWriter:
    """The open files of a feed being written."""

    writers: dict[str, CsvWriter]
    rows: Counter[str] = field(default_factory=Counter[str])

    def write(self, feed: FeedFile, rows: Iterable[Sequence[object]]) -> None:
        """Write rows whose cells stand in the declared order."""
        writer = self.writers[feed.name]
        for row in rows:
            writer.writerow(row)
            self.rows[feed.name] += 1


@contextmanager
def writing(out: Path) -> Generator[FeedWriter]:
    """Open all files of a feed with their headers; UTF-8, commas, line feeds."""
    out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        writers: dict[str, CsvWriter] = {}
        for feed in FILES:
            lines = (out / feed.name).open("w", encoding="utf-8", newline="")
            writer = csv.writer(stack.enter_context(lines), lineterminator="\n")
            writer.writerow([column.name for column in feed.columns])
            writers[feed.name] = writer
        yield FeedWriter(writers)


def write_manifest(out: Path, municipality: str, produced_at: datetime) -> None:
    """Write the manifest of a full snapshot."""
    document = ManifestDocument(
        municipality=municipality,
        produced_at=produced_at,
        format="novads-registry-feed/1",
        form="full",
    )
    text = msgspec.json.format(msgspec.json.encode(document), indent=2)
    (out / MANIFEST).write_bytes(text + b"\n")
