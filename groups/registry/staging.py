"""The first half of an import: files are read, judged and copied into their stages."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import compress
from pathlib import Path

from backend.kernel.db import WriteSession
from backend.kernel.personal_data import Vault
from backend.kernel.snapshots import copy_text
from groups.registry.encoding import Copy, known
from groups.registry.feed.faults import RowFault
from groups.registry.feed.files import PREFERENCES
from groups.registry.feed.reading import Opened, find_file, opened
from groups.registry.feed.rows import Batch, known_rows
from groups.registry.report import Report
from groups.registry.subjects import SUBJECTS, Subject

BATCH = 2_000
"""Rows judged and copied at a time; memory does not grow with the feed."""

Progress = Callable[[str, int], None]
"""Is told a file's name and how many of its rows have been read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What feed is read, and with what; `produced_on` is the civil day it was produced on."""

    directory: Path
    produced_on: date
    is_delta: bool
    takes_preferences: bool
    vault: Vault
    report: Report
    progress: Progress


@dataclass(slots=True)
class Staged:
    """One file in its stages: `good` rows say what is, `removed` ones what is no longer.

    `unreadable` rows have faults of their own; of these, the key of `nameless` ones could not be
    read. `empty` counts, by column, the good rows that say nothing in it.
    """

    subject: Subject
    file: str
    read: int = 0
    unreadable: int = 0
    nameless: int = 0
    good: int = 0
    removed: int = 0
    empty: Counter[str] = field(default_factory=Counter[str])

    def count(self, batch: Batch) -> None:
        """Add a batch to the figures."""
        self.read += len(batch.lines) + batch.broken
        self.unreadable += batch.unreadable
        self.nameless += batch.broken
        if True not in batch.rejected and True not in batch.removed:
            self.good += len(batch.lines)
            self.empty.update({name: cells.count("") for name, cells in batch.cells.items()})
            return
        self.nameless += known_rows(self.subject.feed, batch.cells).count(False)
        pairs = list(zip(batch.rejected, batch.removed, strict=True))
        self.removed += pairs.count((False, True))
        good = [pair == (False, False) for pair in pairs]
        self.good += sum(good)
        for name, cells in batch.cells.items():
            self.empty[name] += list(compress(cells, good)).count("")


async def stage_files(
    session: WriteSession, reading: Reading
) -> tuple[list[Staged], tuple[str, ...]]:
    """Copy every file into its stages; also names the files that were not taken as a whole.

    Raises:
        FeedRefused: a packed file is damaged.
    """
    staged: list[Staged] = []
    refused: list[str] = []
    for subject in SUBJECTS:
        path = find_file(reading.directory, subject.feed)
        if path is None:
            continue
        if subject.feed is PREFERENCES and not reading.takes_preferences:
            reading.report.add([RowFault(path.name, 1, "", "file_without_taker")])
            refused.append(path.name)
            continue
        day, is_delta = reading.produced_on, reading.is_delta
        with opened(path, subject.feed, day=day, batch=BATCH, is_delta=is_delta) as rows:
            reading.report.add(rows.faults)
            if rows.usable:
                staged.append(await _stage(session, reading, Staged(subject, path.name), rows))
            else:
                refused.append(path.name)
    return staged, tuple(refused)


async def _stage(session: WriteSession, reading: Reading, staged: Staged, rows: Opened) -> Staged:
    """Copy one file; the next batch is judged in a thread while PostgreSQL takes the last."""

    def read_on() -> tuple[Batch, list[Copy]] | None:
        batch = next(rows.batches, None)
        if batch is None:
            return None
        return batch, list(staged.subject.encode(known(reading.vault, staged.subject.feed, batch)))

    coming = asyncio.ensure_future(asyncio.to_thread(read_on))
    try:
        while (read := await coming) is not None:
            coming = asyncio.ensure_future(asyncio.to_thread(read_on))
            batch, copies = read
            await _copy(session, copies)
            staged.count(batch)
            reading.report.add(batch.faults)
            reading.progress(staged.file, staged.read)
    finally:
        # The file must not be closed under the thread that reads it.
        await asyncio.wait([coming])
    return staged


async def _copy(session: WriteSession, copies: Iterable[Copy]) -> None:
    for copy in copies:
        if copy.rows:
            await copy_text(session, copy.stage, copy.columns, copy.rows)
