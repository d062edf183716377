"""NDJSON as records: one object a line, its keys the columns; a broken line costs only itself."""

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import TextIO

import msgspec
from typing_extensions import override

from groups.registry.feed.records import CONTROL, physical_lines
from groups.registry.feed.sheets import RECORD_CHARACTERS, Record, Sheet, sheet_of
from groups.registry.rules import SEPARATOR

Member = str | int | float | bool | None | list[str]


class JsonRecords(Iterator[Record]):
    """The objects of a file as records with the cells of `names`, in their order.

    Numbers and `true` are taken as they are written, lists as words parted by `|`. A key that is
    not among the names is passed over.
    """

    def __init__(self, text: TextIO, names: Sequence[str]) -> None:
        """Begin with the names themselves, as a file's header."""
        decoder = msgspec.json.Decoder(dict[str, Member])
        objects = (
            _record(line, first, names, decoder)
            for line, first in enumerate(physical_lines(text), start=1)
            if first.strip()
        )
        self._records = chain([Record(1, list(names))], objects)

    @override
    def __next__(self) -> Record:
        """Give the next record."""
        return next(self._records)

    def sheet(self, width: int, size: int) -> Sheet:
        """Give the next records together; none are left when it is empty."""
        return sheet_of(islice(self, size), width)


def _record(
    line: int, text: str, names: Sequence[str], decoder: msgspec.json.Decoder[dict[str, Member]]
) -> Record:
    if len(text) == RECORD_CHARACTERS:
        return Record(line, [], "row_length")
    try:
        found = decoder.decode(text.encode())
    except UnicodeEncodeError:
        return Record(line, [], "not_utf8")
    except (msgspec.MsgspecError, RecursionError):
        return Record(line, [], "json_broken")
    cells = [_cell(found.get(name)) for name in names]
    fault = "control_character" if CONTROL.search("".join(cells)) else ""
    return Record(line, cells, fault)


def _cell(member: Member) -> str:
    if isinstance(member, str):
        return member
    if member is None or member is False:
        return ""
    if member is True:
        return "true"
    return SEPARATOR.join(member) if isinstance(member, list) else repr(member)
