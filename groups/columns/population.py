"""One municipality's facts at one moment: tables of columns that are never changed in place."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from backend.kernel.tenancy import MunicipalityId
from groups.columns.layout import NO_POINT, TAGS, TEXTS_BEHIND, UNKNOWN, Column
from groups.columns.words import Behind, Words
from groups.evaluation.ports import Scope
from groups.evaluation.slots import Mask

DECLARED, LINKED = "declared", "linked"
OWN_WORDS: Mapping[str, tuple[str, ...]] = {"residence": (DECLARED, LINKED)}


@dataclass(frozen=True)
class Table:
    """Columns of the same length: residents by slot, or what belongs to the resident at `slot`."""

    size: int
    columns: Mapping[str, Column]
    words: Mapping[str, Words]

    @cached_property
    def bounds(self) -> tuple[int, int, int, int] | None:
        """The box of all places: west, south, east and north in centimetres; None: no place."""
        eastings, northings = self.columns["easting"], self.columns["northing"]
        known = eastings != NO_POINT
        if not known.any():
            return None
        east, north = eastings[known], northings[known]
        return int(east.min()), int(north.min()), int(east.max()), int(north.max())


class Vocabulary:
    """All texts of a municipality: their codes, and the codes behind the hashes under a seed."""

    def __init__(self, seed: int = 0) -> None:
        """Start without any text."""
        self.seed = seed
        self.behind = {
            field: Behind([Words(*OWN_WORDS.get(text, ())) for text in texts])
            for field, texts in {**TEXTS_BEHIND, **{tag: (tag,) for tag in TAGS}}.items()
        }

    def words(self, field: str) -> Mapping[str, Words]:
        """Give the words of the texts behind one field, by column."""
        names = TEXTS_BEHIND.get(field, (field,))
        return dict(zip(names, self.behind[field].words, strict=True))


@dataclass(frozen=True)
class Population:
    """The residents, and by relation what belongs to them.

    A change makes another population that shares every column that stayed: who reads one keeps it
    whole, however long they read.
    """

    municipality: MunicipalityId
    vocabulary: Vocabulary
    residents: Table
    things: Mapping[str, Table]

    @cached_property
    def open(self) -> Mask:
        """Who is there at all, wherever declared."""
        return np.not_equal(self.residents.columns["residence"], UNKNOWN)

    @cached_property
    def declared(self) -> Mask:
        """Who lives here."""
        return np.equal(self.residents.columns["residence"], 1)

    @cached_property
    def linked(self) -> Mask:
        """Who owns property here or has a child who attends an institution here."""
        children = self.things["children"].columns
        attending = self.holding("institutions")[children["target"]]
        found = self.holding("properties")
        found[children["slot"][attending]] = True
        return found & self.open

    @cached_property
    def households(self) -> int:
        """One more than the highest number of a household."""
        return int(self.residents.columns["household"].max(initial=-1)) + 1

    def holding(self, relation: str) -> Mask:
        """Mark who has at least one such thing, open or not themselves."""
        found = np.zeros(self.residents.size, np.bool_)
        found[self.things[relation].columns["slot"]] = True
        return found

    def scope(self, scope: Scope) -> Mask:
        """Mark the residents in scope; not to be changed."""
        return self.linked if scope is Scope.LINKED else self.declared

    def bytes(self) -> int:
        """Add up what the columns take."""
        tables = (self.residents, *self.things.values())
        return sum(column.nbytes for table in tables for column in table.columns.values())


Slots = NDArray[np.integer]
