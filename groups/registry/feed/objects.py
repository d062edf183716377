"""NDJSON as records: one object a line, its keys the columns; a broken line costs only itself."""

from collections.abc import Iterator, Sequence
from typing import TextIO

import msgspec

from groups.registry.feed.records import (
    CONTROL,
    RECORD_CHARACTERS,
    Record,
    physical_lines,
)
from groups.registry.rules import SEPARATOR

Member = str | int | float | bool | None | list[str]


def read_objects(text: TextIO, names: Sequence[str]) -> Iterator[Record]:
    """Give the objects of a file as records with the cells of `names`, in their order.

    Numbers and `true` are taken as they are written, lists as words parted by `|`. A key that is
    not among the names is passed over.
    """
    decoder = msgspec.json.Decoder(dict[str, Member])
    for line, first in enumerate(physical_lines(text), start=1):
        if first.strip():
            yield _record(line, first, names, decoder)


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
