"""Synthetic preschools and schools, and which child goes where."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from groups.registry.generator.people import Person
from groups.registry.generator.places import Parish

PRESCHOOL_NAMES = ("Pienenīte", "Saulīte", "Ķipars", "Zvaniņi", "Bitīte", "Rūķīši", "Sprīdītis")
Cells = tuple[str, ...]


@dataclass(slots=True)
class Schools:
    """The institutions of one municipality, by parish and kind."""

    chance: Random
    municipality: str
    _refs: dict[tuple[str, str], list[str]] = field(
        default_factory=dict[tuple[str, str], list[str]]
    )
    _count: int = 0

    def found(self, parish: Parish, address: str, kind: str, number: int) -> Cells:
        """Found an institution at an address; gives its row of institutions.csv."""
        self._count += 1
        ref = f"{self.municipality}-S{self._count:03d}"
        self._refs.setdefault((parish.name, kind), []).append(ref)
        town = parish.towns[number % len(parish.towns)].name
        name = f"{town}, {number + 1}. pamatskola"
        if kind == "preschool":
            first = PRESCHOOL_NAMES[(self._count + number) % len(PRESCHOOL_NAMES)]
            name = f'{town}, pirmsskola "{first}"'
        return ref, kind, name, address

    def enrol(self, parish: Parish, person: Person) -> Iterator[Cells]:
        """Give at most one row of attendance.csv: preschool from 2 to 6, school from 7 to 18."""
        kind = "preschool" if 2 <= person.age <= 6 else "school" if 7 <= person.age <= 18 else ""
        share = 0.82 if kind == "preschool" else 0.95
        if kind and self.chance.random() < share:
            yield person.code, self.chance.choice(self._refs[parish.name, kind])
