"""From records to rows: the header is bound to the declared columns, cells read column by column."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from groups.registry.feed.columns import OF_MANY_VALUES, WHOLE, Cells, Column, FeedFile, Whole
from groups.registry.feed.faults import RowFault
from groups.registry.feed.files import REMOVED
from groups.registry.feed.sheets import Record, Sheet
from groups.registry.rules import Unreadable

REMEMBERED = 50_000
"""Most values of a column that are remembered with what was read of them."""
Complaints = dict[int, list[tuple[str, str]]]
"""Faults by the row's place in its batch: column and code."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a declared column stands in this file's rows, and how it is read."""

    place: int
    name: str
    required: bool
    read: Callable[[str], str]
    remembered: dict[str, str] | None
    whole: Whole | None


@dataclass(frozen=True, slots=True)
class Header:
    """A file's header bound to the declaration; `absent` names the columns that it lacks.

    `lacking`: those of them without which a row of a delta can only say what is no longer there.
    """

    feed: FeedFile
    file: str
    width: int
    cells: tuple[Cell, ...]
    absent: Sequence[str]
    lacking: Sequence[str]
    faults: tuple[RowFault, ...]
    usable: bool


@dataclass(slots=True)
class Batch:
    """Rows as columns; row i stands at `lines[i]`, and every list has an entry for it.

    `broken`: records that have no cells at all. A rejected row keeps the cells that could be read.
    """

    lines: Sequence[int]
    cells: Cells
    rejected: list[bool]
    removed: list[bool]
    broken: int = 0
    faults: list[RowFault] = field(default_factory=list[RowFault])

    @property
    def unreadable(self) -> int:
        """How many records may not land for what stands in them."""
        return self.broken + sum(self.rejected)


def bind_header(feed: FeedFile, record: Record, file: str, *, is_delta: bool) -> Header:
    """Find the declared columns in a header; order and case make no difference."""
    names = [cell.strip().lower() for cell in record.cells]
    columns = (*feed.columns, REMOVED) if is_delta else feed.columns
    declared = {column.name: column for column in columns}
    lacking = [column.name for column in columns if column.required and column.name not in names]
    removes = is_delta and REMOVED.name in names
    missing = [name for name in lacking if name in feed.key or not removes]
    found = _header_faults(record, names, declared, missing)
    faults = [RowFault(file, record.line, *each) for each in found]
    return Header(
        feed=feed,
        file=file,
        width=len(names),
        cells=tuple(
            _cell(place, declared[name]) for place, name in enumerate(names) if name in declared
        ),
        absent=[name for name in declared if name not in names],
        lacking=lacking,
        faults=tuple(faults),
        usable=all(fault.code == "column_unknown" for fault in faults),
    )


def _cell(place: int, column: Column) -> Cell:
    remembered = None if column.form in OF_MANY_VALUES else {"": ""}
    whole = WHOLE.get(column.form)
    return Cell(place, column.name, column.required, column.reader(), remembered, whole)


def _header_faults(
    record: Record, names: list[str], known: Mapping[str, Column], missing: Sequence[str]
) -> Iterator[tuple[str, str]]:
    if record.fault:
        yield "", record.fault
        return
    if known.keys().isdisjoint(names):
        # A file that begins with its first row: the report must not repeat a person as columns.
        yield "", "header_missing"
        return
    for name in dict.fromkeys(names):
        if name not in known:
            yield name, "column_unknown"
        elif names.count(name) > 1:
            yield name, "column_repeated"
    for name in missing:
        yield name, "column_missing"


def judge(header: Header, sheet: Sheet, day: str) -> Batch:
    """Read a batch of records; `day` is the day of the feed, as YYYY-MM-DD."""
    file, lines, broken = header.file, sheet.lines, sheet.broken
    complaints: Complaints = {}
    cells: dict[str, Sequence[str]] = {name: [""] * len(lines) for name in header.absent}
    for cell in header.cells:
        column = sheet.columns[cell.place]
        cells[cell.name] = _read(cell, column if sheet.is_trim else _trim(column), complaints)
    for name in header.lacking:
        _require(name, cells[name], complaints)
    removed = [bool(mark) for mark in cells.get(REMOVED.name, ())] or [False] * len(lines)
    _judge_together(header, cells, day, complaints)
    _forgive_removed(header.feed, removed, complaints)
    batch = Batch(lines, cells, [False] * len(lines), removed, len(broken))
    batch.faults += [RowFault(file, each.line, "", each.fault or "cells_count") for each in broken]
    for place, found in complaints.items():
        batch.rejected[place] = True
        batch.faults += [RowFault(file, lines[place], *complaint) for complaint in found]
    batch.faults.sort(key=lambda fault: fault.line)
    return batch


def _trim(raw: Sequence[str]) -> Sequence[str]:
    texts = [text.strip() for text in raw]
    return texts if "".join(texts).isascii() else [composed(text) for text in texts]


def _read(cell: Cell, texts: Sequence[str], complaints: Complaints) -> Sequence[str]:
    try:
        found = _read_all(cell, texts)
    except Unreadable:
        found = _read_singly(cell, texts, complaints)
    if cell.required and "" in texts:
        _require(cell.name, texts, complaints)
    return found


def _require(name: str, texts: Sequence[str], complaints: Complaints) -> None:
    for place, text in enumerate(texts):
        if not text:
            complaints.setdefault(place, []).append((name, "required"))


def _read_all(cell: Cell, texts: Sequence[str]) -> Sequence[str]:
    read, remembered = cell.read, cell.remembered
    if cell.whole is not None and (found := cell.whole(texts)) is not None:
        return found
    if remembered is None:
        return [read(text) if text else "" for text in texts]
    if len(remembered) > REMEMBERED:
        remembered.clear()
        remembered[""] = ""
    for text in set(texts).difference(remembered):
        remembered[text] = read(text)
    return [remembered[text] for text in texts]


def _read_singly(cell: Cell, texts: Sequence[str], complaints: Complaints) -> Sequence[str]:
    found: list[str] = []
    for place, text in enumerate(texts):
        try:
            found.append(cell.read(text) if text else "")
        except Unreadable as unreadable:
            found.append("")
            complaints.setdefault(place, []).append((cell.name, unreadable.code))
    return found


def _judge_together(header: Header, cells: Cells, day: str, complaints: Complaints) -> None:
    """Judge cells beside each other, in rows whose cells were all readable."""
    faulty = frozenset(complaints)
    for place, column, code in header.feed.check(cells, day):
        if place not in faulty:
            complaints.setdefault(place, []).append((column, code))


def _forgive_removed(feed: FeedFile, removed: Sequence[bool], complaints: Complaints) -> None:
    """Of a row that says what is no longer there, only the key has to be right."""
    for place in [place for place in complaints if removed[place]]:
        kept = [each for each in complaints[place] if each[0] in feed.key]
        if kept:
            complaints[place] = kept
        else:
            del complaints[place]


def known_rows(feed: FeedFile, cells: Mapping[str, Sequence[str]]) -> list[bool]:
    """Tell of each row whether its key could be read."""
    return [all(key) for key in zip(*(cells[name] for name in feed.key), strict=True)]


def composed(text: str) -> str:
    """Write letters with diacritics as one character each (Unicode NFC)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
