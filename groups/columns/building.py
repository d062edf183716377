"""Populations made of rows, and made anew where residents' rows changed."""

from collections.abc import Mapping

import numpy as np

from backend.kernel.tenancy import MunicipalityId
from groups.changes.models import RELATIONS
from groups.columns.layout import PLAIN, TAGS, TEXTS_BEHIND, UNKNOWN, Column
from groups.columns.population import Population, Slots, Table, Vocabulary
from groups.columns.queries import Read, Rows
from groups.columns.words import Words

PER_BYTE = 8


class Unsettled(Exception):
    """Rows have hashes whose texts are not known; `slots` are residents of such rows, one a hash."""

    def __init__(self, field: str, hashes: Slots, slots: Slots) -> None:
        """Say whose texts are missing, given the hashes that are not known and whose rows have them."""
        super().__init__(field)
        self.field = field
        self.slots = _one_of_each(slots, hashes)


def one_of_each(read: Read) -> Mapping[str, list[int]]:
    """Name residents of whom each hash is, by the field of what stands with residents themselves."""
    residents = read["residents"]
    hashes = {"profile": (residents["slot"], residents["profile"])}
    hashes |= {tag: (read[tag]["slot"], read[tag]["word"]) for tag in TAGS}
    return {name: _one_of_each(*columns) for name, columns in hashes.items()}


def _one_of_each(slots: Slots, hashes: Slots) -> list[int]:
    named: list[int] = slots[np.unique(hashes, return_index=True)[1]].tolist()
    return named


def populated(municipality: MunicipalityId, vocabulary: Vocabulary, read: Read) -> Population:
    """Make a population of all its rows.

    Raises:
        Unsettled: the texts behind a hash are to be learned first.
    """
    rows = read["residents"]
    slots = rows["slot"]
    size = _size(read)
    columns = {
        name: _spread(values, slots, size, _empty(name))
        for name, values in _columns(rows, vocabulary).items()
    }
    for tag in TAGS:
        columns[tag] = _bits(read[tag], np.arange(size), vocabulary, tag)
    residents = Table(size, columns, _words(rows, vocabulary, *TAGS))
    things = {name: _thing(read[name], vocabulary) for name in RELATIONS}
    return Population(municipality, vocabulary, residents, things)


def come_and_gone(old: Population, slots: Slots, read: Read) -> tuple[Slots, Slots]:
    """Name those of the residents who are there but were not, and who were and are no longer."""
    were = slots[slots < old.residents.size]
    were, there = were[old.open[were]], read["residents"]["slot"]
    return np.setdiff1d(there, were), np.setdiff1d(were, there)


def changed(old: Population, slots: Slots, owners: Mapping[str, Slots], read: Read) -> Population:
    """Make the population in which the rows of these residents, each once, are those read.

    `owners` are those whose rows of a relation are those read, or none if none were. All slots are
    in ascending order.

    Raises:
        Unsettled: the texts behind a hash are to be learned first.
    """
    things = dict(old.things)
    for name, theirs in owners.items():
        new = _thing(read[name], old.vocabulary) if name in read else None
        things[name] = _replaced(things[name], theirs, new)
    rows = read["residents"]
    known = _columns(rows, old.vocabulary)
    size = max(old.residents.size, _size(read))
    slots = slots[(slots >= 0) & (slots < size)]
    places = np.searchsorted(slots, rows["slot"])
    columns: dict[str, Column] = {}
    for name, column in old.residents.columns.items():
        if name in TAGS:
            values = _bits(read[name], slots, old.vocabulary, name)
        else:
            values = _spread(known[name], places, len(slots), _empty(name))
        columns[name] = _with(_grown(column, size, values, _empty(name)), slots, values)
    residents = Table(size, columns, old.residents.words)
    return Population(old.municipality, old.vocabulary, residents, things)


def _size(read: Read) -> int:
    """Count the slots up to the last that any row names.

    Tables are read one after the other: a resident may be in one of them and not yet in another.
    """
    named = [rows["slot"] for rows in read.values()]
    if "children" in read:
        named.append(read["children"]["target"])
    return 1 + max(int(slots.max(initial=-1)) for slots in named)


def _empty(name: str) -> int:
    """Give what a column holds where nothing is known."""
    return PLAIN[name][1] if name in PLAIN else UNKNOWN


def _columns(rows: Rows, vocabulary: Vocabulary) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    for name, values in rows.items():
        if name in TEXTS_BEHIND:
            behind = vocabulary.behind[name]
            codes = behind.find(values)
            if codes is None:
                new = ~behind.knows(values)
                raise Unsettled(name, values[new], rows["slot"][new])
            columns.update(zip(TEXTS_BEHIND[name], codes, strict=True))
        elif name != "slot":
            columns[name] = values.astype(PLAIN[name][0], copy=False)
    return columns


def _words(rows: Rows, vocabulary: Vocabulary, *tags: str) -> dict[str, Words]:
    words: dict[str, Words] = {}
    for field in (*rows, *tags):
        if field in vocabulary.behind:
            words.update(vocabulary.words(field))
    return words


def _thing(rows: Rows, vocabulary: Vocabulary) -> Table:
    columns = {"slot": rows["slot"], **_columns(rows, vocabulary)}
    return Table(len(rows["slot"]), columns, _words(rows, vocabulary))


def _replaced(old: Table, slots: Slots, new: Table | None) -> Table:
    """Put the new rows in place of all rows of these residents."""
    owners = old.columns["slot"]
    noted = np.zeros(1 + max(owners.max(initial=-1), slots.max(initial=-1)), np.bool_)
    noted[slots] = True
    kept = ~noted[owners]
    if (new is None or not new.size) and kept.all():
        return old
    columns = {name: column[kept] for name, column in old.columns.items()}
    if new is not None:
        joined = {name: [column, new.columns[name]] for name, column in columns.items()}
        columns = {name: np.concatenate(both) for name, both in joined.items()}
    return Table(len(columns["slot"]), columns, old.words)


def _spread(values: Column, places: Slots, size: int, empty: int) -> Column:
    spread = np.full(size, empty, values.dtype)
    spread[places] = values
    return spread


def _bits(rows: Rows, slots: Slots, vocabulary: Vocabulary, tag: str) -> Column:
    """Give rows of bytes, a bit for each word, for these slots in ascending order."""
    behind = vocabulary.behind[tag]
    found = behind.find(rows["word"])
    if found is None:
        new = ~behind.knows(rows["word"])
        raise Unsettled(tag, rows["word"][new], rows["slot"][new])
    [codes] = found
    bits = np.zeros((-(-len(behind.words[0]) // PER_BYTE), len(slots)), np.uint8)
    places = np.searchsorted(slots, rows["slot"])
    for code in np.unique(codes).tolist():
        bits[code // PER_BYTE, places[codes == code]] |= 1 << (code % PER_BYTE)
    return bits


def _grown(column: Column, size: int, values: Column, empty: int) -> Column:
    """Make room for more slots, more words and wider codes; the same column if there is room."""
    shape = (max(len(column), len(values)), size) if column.ndim > 1 else (size,)
    wide = np.promote_types(column.dtype, values.dtype)
    if column.shape == shape and column.dtype == wide:
        return column
    grown = np.full(shape, empty, wide)
    grown[tuple(slice(length) for length in column.shape)] = column
    return grown


def _with(column: Column, slots: Slots, values: Column) -> Column:
    """Give a copy with these values, or the same column if it has them."""
    if np.array_equal(column[..., slots], values):
        return column
    copied = column.copy()
    copied[..., slots] = values
    return copied
