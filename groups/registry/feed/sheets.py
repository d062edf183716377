"""Records as columns; lines that nothing is to be said of are cut all at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from unicodedata import is_normalized

RECORD_CHARACTERS = 16_000
"""Most characters of one record."""


@dataclass(slots=True)
class Record:
    """The cells of one record and the line on which it starts; `fault` when it cannot be read."""

    line: int
    cells: list[str]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Records as columns with the lines on which they start; apart, those without such cells.

    `is_trim`: no cell has white space around it, and its letters are composed (Unicode NFC).
    """

    lines: Sequence[int]
    columns: Sequence[Sequence[str]]
    broken: Sequence[Record] = ()
    is_trim: bool = False

    def __bool__(self) -> bool:
        """Tell whether there is any record."""
        return bool(self.lines or self.broken)


def sheet_of(records: Iterable[Record], width: int) -> Sheet:
    """Make columns of records, apart from those that have a fault or another number of cells."""
    whole: list[Record] = []
    broken: list[Record] = []
    for record in records:
        (broken if record.fault or len(record.cells) != width else whole).append(record)
    columns = list(zip(*(record.cells for record in whole), strict=True)) or [()] * width
    return Sheet([record.line for record in whole], columns, broken)


def cut(lines: Sequence[str], first: int, delimiter: str, width: int) -> Sheet | None:
    """Make columns of a file's lines from the line `first`; nothing if one has to be looked at.

    That is one with quotation marks, another number of cells, white space other than spaces,
    characters that are no text, or too many of them.
    """
    text = "".join(lines)
    if '"' in text or width < 2 or max(map(len, lines), default=0) >= RECORD_CHARACTERS:
        return None
    rows = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    cells = delimiter.join(rows)
    # What is printable has neither control characters nor marks of broken bytes.
    if set(map(str.count, rows, repeat(delimiter))) != {width - 1} or not cells.isprintable():
        return None
    spaced = any(
        each in f"{delimiter}{cells}{delimiter}" for each in (f" {delimiter}", f"{delimiter} ")
    )
    flat = cells.split(delimiter)
    return Sheet(
        lines=range(first, first + len(rows)),
        columns=[flat[place::width] for place in range(width)],
        is_trim=not spaced and is_normalized("NFC", cells),
    )
