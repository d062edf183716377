"""People made out of a seed, with everything that rules may ask about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from uuid import UUID

DAYS = (
    date(2023, 2, 28),
    date(2023, 3, 1),
    date(2024, 2, 28),
    date(2024, 2, 29),
    date(2024, 3, 1),
    date(2025, 4, 30),
    date(2025, 12, 31),
    date(2026, 11, 20),
)
"""The days that rules are evaluated for; birthdays are generated around them."""

WORDS: Mapping[str, tuple[str, ...]] = {
    "sex": ("female", "male"),
    "language": ("lv", "en", "ru"),
    "citizenship": ("LV", "LT", "UA"),
    "parish": ("Stopiņu pagasts", "Ropažu pagasts", 'O\'Hara "%s" $1 pagasts'),
    "town": ("Ulbroka", "Zaķumuiža"),
    "street": ("Institūta iela", "Vālodzes"),
    "postcode": ("LV-2130", "LV-2133"),
    "institution kind": ("preschool", "school", "other"),
    "property kind": ("flat", "land"),
    "name": ("Pasaciņa", "Ulbrokas vidusskola"),
    "species": ("dog", "cat"),
}


@dataclass(frozen=True)
class Thing:
    """An address, institution, property or pet: what a rule may read of it, null where unknown."""

    id: UUID
    texts: Mapping[str, str | None]
    closed: bool
    place: "Thing | None" = None


@dataclass
class Person:
    """A resident and what belongs to them; each with whether the link itself is closed."""

    id: UUID
    born: date | None
    texts: Mapping[str, str | None]
    place: Thing | None
    closed: bool
    children: list[tuple["Person", bool]] = field(default_factory=list)
    institutions: list[tuple[Thing, bool]] = field(default_factory=list)
    properties: list[tuple[Thing, bool]] = field(default_factory=list)
    pets: list[tuple[Thing, bool]] = field(default_factory=list)


def anniversary(born: date, months: int) -> date:
    """Name the day that many months later; where a month lacks it, the first of the next."""
    year, month = divmod(born.year * 12 + born.month - 1 + months, 12)
    try:
        return date(year, month + 1, born.day)
    except ValueError:
        return date(year, month + 2, 1)


@dataclass
class World:
    """Everything that was generated."""

    places: list[Thing] = field(default_factory=list)
    bodies: list[Thing] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)


class Generator:
    """Makes people out of a seed: nulls, closed rows and birthdays at the edge are common."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - reproducible, not secret

    def id(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    def seldom(self) -> bool:
        return self.random.random() < 0.15

    def number(self) -> int:
        return self.random.choice((0, 0, 0, 1, 1, 2, 3))

    def texts(self, *known: str, unsure: Sequence[str] = ()) -> dict[str, str | None]:
        texts: dict[str, str | None] = {
            name.split()[-1]: self.random.choice(WORDS[name]) for name in known
        }
        for name in unsure:
            texts[name] = None if self.seldom() else self.random.choice(WORDS[name])
        return texts

    def thing(self, *known: str, place: Thing | None = None, unsure: Sequence[str] = ()) -> Thing:
        return Thing(self.id(), self.texts(*known, unsure=unsure), self.seldom(), place)

    def birthday(self) -> date | None:
        if self.seldom():
            return None
        if self.seldom():
            return date(self.random.choice((1928, 2000, 2004, 2016, 2020, 2024)), 2, 29)
        day = self.random.choice(DAYS) + timedelta(days=self.random.randint(-1, 1))
        years = self.random.choice((-1, 0, 1, 2, 3, 4, 6, 7, 18, 65, 99))
        return anniversary(day, -12 * years - self.random.choice((0, 0, 1, 5, 11)))

    def person(self, world: World) -> Person:
        texts = self.texts(unsure=["sex", "language", "citizenship"])
        person = Person(self.id(), self.birthday(), texts, self.place(world), self.seldom())
        bodies = self.random.sample(world.bodies, self.number())
        person.institutions = [(body, self.seldom()) for body in bodies]
        for _ in range(self.number()):
            person.properties.append((self.thing("property kind", place=self.place(world)), False))
        person.pets = [(self.thing("species"), False) for _ in range(self.number())]
        return person

    def place(self, world: World) -> Thing | None:
        return None if self.seldom() else self.random.choice(world.places)

    def world(self, size: int) -> World:
        """Make residents, of whom the later ones are children of the earlier ones."""
        world = World()
        unsure = ["town", "street", "postcode"]
        world.places = [self.thing("parish", unsure=unsure) for _ in range(20)]
        world.bodies = [self.thing("institution kind", "name") for _ in range(8)]
        world.people = [self.person(world) for _ in range(size)]
        for index, person in enumerate(world.people):
            younger = world.people[index + 1 :]
            children = self.random.sample(younger, min(len(younger), self.number()))
            person.children = [(child, self.seldom()) for child in children]
        return world
