"""From records to rows: the header is bound to the declared columns, each cell read and judged."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from groups.registry.feed.columns import FeedFile, Row, Value
from groups.registry.feed.faults import RowFault
from groups.registry.feed.records import Record
from groups.registry.rules import Unreadable


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a declared column stands in this file's rows, and how it is read."""

    place: int
    name: str
    required: bool
    read: Callable[[str], Value]


@dataclass(frozen=True, slots=True)
class Header:
    """A file's header bound to the declaration."""

    width: int
    cells: tuple[Cell, ...]
    absent: Mapping[str, None]
    faults: tuple[RowFault, ...]
    usable: bool


@dataclass(slots=True)
class Judged:
    """One row as read: what could be read of it, and what is wrong with it."""

    line: int
    row: Row
    faults: list[RowFault] = field(default_factory=list[RowFault])


def bind_header(feed: FeedFile, record: Record) -> Header:
    """Find the declared columns in a header; order and case make no difference."""
    names = [cell.strip().lower() for cell in record.cells]
    declared = {column.name: column for column in feed.columns}
    faults = list(_header_faults(feed, record, names))
    cells = tuple(
        Cell(place, name, declared[name].required, declared[name].reader())
        for place, name in enumerate(names)
        if name in declared
    )
    usable = all(fault.code == "column_unknown" for fault in faults)
    absent = {name: None for name in declared if name not in names}
    return Header(len(names), cells, absent, tuple(faults), usable)


def _header_faults(feed: FeedFile, record: Record, names: list[str]) -> Iterator[RowFault]:
    if record.fault:
        yield RowFault(feed.name, record.line, "", record.fault)
        return
    known = {column.name for column in feed.columns}
    if known.isdisjoint(names):
        # A file that begins with its first row: the report must not repeat a person as columns.
        yield RowFault(feed.name, record.line, "", "header_missing")
        return
    for name in dict.fromkeys(names):
        if name not in known:
            yield RowFault(feed.name, record.line, name, "column_unknown")
        elif names.count(name) > 1:
            yield RowFault(feed.name, record.line, name, "column_repeated")
    for column in feed.columns:
        if column.required and column.name not in names:
            yield RowFault(feed.name, record.line, column.name, "column_missing")


def judge(feed: FeedFile, header: Header, record: Record, day: date) -> Judged:
    """Read one record; the row holds every cell that could be read, null where empty."""
    if record.fault or len(record.cells) != header.width:
        code = record.fault or "cells_count"
        return Judged(record.line, {}, [RowFault(feed.name, record.line, "", code)])
    row: dict[str, Value | None] = dict(header.absent)
    complaints: list[tuple[str, str]] = []
    for cell in header.cells:
        text = record.cells[cell.place].strip()
        if not text:
            row[cell.name] = None
            if cell.required:
                complaints.append((cell.name, "required"))
            continue
        try:
            row[cell.name] = cell.read(composed(text))
        except Unreadable as unreadable:
            complaints.append((cell.name, unreadable.code))
    if not complaints:
        complaints.extend(feed.check(row, day))
    faults = [RowFault(feed.name, record.line, column, code) for column, code in complaints]
    return Judged(record.line, row, faults)


def composed(text: str) -> str:
    """Write letters with diacritics as one character each (Unicode NFC)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
