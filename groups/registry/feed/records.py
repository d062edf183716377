"""CSV as records with true line numbers; a broken record costs one line, never the rest of the file."""

import csv
import gzip
import re
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from io import BufferedReader, TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import TextIO

from typing_extensions import override

from groups.registry.errors import FeedRefused
from groups.registry.feed.sheets import RECORD_CHARACTERS, Record, Sheet, cut, sheet_of

RECORD_LINES = 64
"""Most lines of one record: a quotation mark not closed by then was never meant to be."""
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Characters that no text has: PostgreSQL does not keep the first, fingerprints part cells by one."""


@contextmanager
def open_text(path: Path) -> Generator[TextIOWrapper]:
    """Open a feed's file as UTF-8 with or without BOM; bytes that are neither are kept as marks.

    Raises:
        FeedRefused: a packed file is damaged or cut short; its rows would pass for missing.
    """
    unpack = gzip.open if path.suffix == ".gz" else open
    try:
        with (
            unpack(path, "rb") as content,
            TextIOWrapper(
                BufferedReader(content), "utf-8-sig", errors="surrogateescape", newline=""
            ) as text,
        ):
            yield text
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise FeedRefused("file_unreadable", detail=f"{path.name} cannot be unpacked") from None


def physical_lines(text: TextIO) -> Iterator[str]:
    """Give the lines of a text; of one that is too long for a record only its beginning."""
    while line := text.readline(RECORD_CHARACTERS):
        part = line
        while len(part) == RECORD_CHARACTERS and not part.endswith(("\n", "\r")):
            part = text.readline(RECORD_CHARACTERS)
        yield line


def sniff_delimiter(header: str) -> str:
    """Tell whether the header is separated by semicolons or commas."""
    return ";" if header.count(";") > header.count(",") else ","


class CsvRecords(Iterator[Record]):
    """The records of a file, the header first; empty lines are passed over."""

    def __init__(self, text: TextIO) -> None:
        """Begin at the header."""
        self._source = _Lines(physical_lines(text))
        self._delimiter = ""

    @override
    def __next__(self) -> Record:
        """Give the next record."""
        while (first := self._source.next()) is not None:
            if first.strip():
                self._delimiter = self._delimiter or sniff_delimiter(first)
                return _record(self._source, first, self._delimiter)
        raise StopIteration

    def sheet(self, width: int, size: int) -> Sheet:
        """Give the next records together; none are left when it is empty."""
        lines = self._source.take(size)
        if plain := cut(lines, self._source.number - len(lines) + 1, self._delimiter, width):
            return plain
        self._source.put_back(lines)
        return sheet_of(islice(self, size), width)


class _Lines:
    """Physical lines with their numbers; lines taken too hastily are put back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._returned: list[str] = []
        self.number = 0

    def next(self) -> str | None:
        """Give the next line, or None at the end."""
        line = self._returned.pop() if self._returned else next(self._lines, None)
        if line is not None:
            self.number += 1
        return line

    def take(self, most: int) -> list[str]:
        """Give the next lines together."""
        waiting = self._returned[: -most - 1 : -1]
        del self._returned[-most:]
        taken = [*waiting, *islice(self._lines, most - len(waiting))]
        self.number += len(taken)
        return taken

    def put_back(self, lines: list[str]) -> None:
        """Let the lines come again."""
        self._returned.extend(reversed(lines))
        self.number -= len(lines)


def _record(source: _Lines, first: str, delimiter: str) -> Record:
    line = source.number
    if len(first) == RECORD_CHARACTERS:
        return Record(line, [], "row_length")
    if '"' not in first:
        return _judged(line, first.rstrip("\r\n").split(delimiter), first)
    following = _gather(source, first)
    text = first + "".join(following)
    cells = _parse(text, delimiter)
    if cells is None:
        # Only the first line is given up: what follows it may be good rows.
        source.put_back(following)
        return Record(line, [], "quotes_broken")
    return _judged(line, cells, text)


def _gather(source: _Lines, first: str) -> list[str]:
    """Take lines until the quotation marks are even, the file ends or the limits are reached."""
    taken: list[str] = []
    size, even = len(first), first.count('"') % 2 == 0
    while not even and len(taken) < RECORD_LINES and size < RECORD_CHARACTERS:
        line = source.next()
        if line is None:
            break
        taken.append(line)
        size += len(line)
        even = even != bool(line.count('"') % 2)
    return taken


def _parse(text: str, delimiter: str) -> list[str] | None:
    """Parse one record; None when it is not one."""
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _judged(line: int, cells: list[str], text: str) -> Record:
    """Refuse what is not text."""
    if CONTROL.search(text):
        return Record(line, cells, "control_character")
    try:
        text.encode()
    except UnicodeEncodeError:
        return Record(line, cells, "not_utf8")
    return Record(line, cells)
