"""People made out of a seed, with everything that rules may ask about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any
from uuid import UUID

from tests.groups.evaluation.shapes import ULBROKA, Point

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
    "town": ("Ulbroka", "Zaķumuiža", "ULBROKA"),
    "street": ("Institūta iela", "Vālodzes", "100% iela", "100\\ iela", "ĶIEĢEĻU IELA", "Щорса"),
    "house": ("1", "2", "12A", "7 k-2", "0012", "123456", "Kalniņi", "Kalniņi 4", "٣"),
    "postcode": ("LV-2130", "LV-2133"),
    "institution kind": ("preschool", "school", "other"),
    "property kind": ("flat", "land"),
    "vehicle kind": ("car", "truck"),
    "fuel": ("diesel", "electric"),
    "name": ("Pasaciņa", "Ulbrokas vidusskola"),
    "species": ("dog", "cat"),
    "interests": ("sport", "culture", "roads"),
    "social_statuses": ("low_income", "disability"),
    "residence": ("declared", "declared", "linked"),
}


@dataclass(frozen=True)
class Thing:
    """What a rule may read of an address or a belonging; None where it is unknown."""

    id: UUID
    known: Mapping[str, Any]
    closed: bool
    place: "Thing | None" = None


@dataclass(repr=False)
class Home:
    """A household; who lives there, open or not."""

    id: UUID
    members: list["Person"] = field(default_factory=list, repr=False)


@dataclass(repr=False)
class Person:
    """A resident and what belongs to them; each with whether the link itself is closed."""

    id: UUID
    slot: int
    known: Mapping[str, Any]
    place: Thing | None
    closed: bool
    home: Home | None = field(default=None, repr=False)
    children: list[tuple["Person", bool]] = field(default_factory=list, repr=False)
    institutions: list[tuple[Thing, bool]] = field(default_factory=list, repr=False)
    properties: list[tuple[Thing, bool]] = field(default_factory=list, repr=False)
    vehicles: list[tuple[Thing, bool]] = field(default_factory=list, repr=False)
    pets: list[tuple[Thing, bool]] = field(default_factory=list, repr=False)
    former_addresses: list[tuple[Thing, bool]] = field(default_factory=list, repr=False)

    @property
    def household(self) -> list[tuple["Person", bool]]:
        """All who live together, this person too; nobody where the household is unknown."""
        return [(member, False) for member in self.home.members] if self.home else []


NOTHING_KNOWN: Mapping[str, Any] = {
    "birth_date": None,
    "sex": None,
    "language": None,
    "citizenship": None,
    "declared_since": None,
    "interests": (),
    "social_statuses": (),
    "channels": (),
    "residence": "declared",
}
"""Of a resident."""

NOWHERE: Mapping[str, Any] = {
    "parish": "Nekurienes pagasts",
    "town": None,
    "street": None,
    "house": None,
    "postcode": None,
    "location": None,
}
"""An address of which only the parish is known."""


def anniversary(born: date, months: int) -> date:
    """Name the day that many months later; where a month lacks it, the first of the next."""
    year, month = divmod(born.year * 12 + born.month - 1 + months, 12)
    try:
        return date(year, month + 1, born.day)
    except ValueError:
        return date(year, month + 2, 1)


@dataclass(repr=False)
class World:
    """Everything that was generated."""

    places: list[Thing] = field(default_factory=list)
    bodies: list[Thing] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)
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

    def texts(self, *known: str, unsure: Sequence[str] = ()) -> dict[str, Any]:
        texts: dict[str, Any] = {
            name.split()[-1]: self.random.choice(WORDS[name]) for name in known
        }
        for name in unsure:
            texts[name] = None if self.seldom() else self.random.choice(WORDS[name])
        return texts

    def some(self, words: Sequence[str]) -> tuple[str, ...]:
        return tuple(self.random.sample(words, self.random.randint(0, len(words))))

    def thing(self, *known: str, place: Thing | None = None, unsure: Sequence[str] = ()) -> Thing:
        return Thing(self.id(), self.texts(*known, unsure=unsure), self.seldom(), place)

    def point(self) -> Point | None:
        """Place somewhere around Ulbroka in metres, to the millimetre, mostly near."""
        if self.seldom():
            return None
        far = self.random.choice((30, 60, 600, 6_000))
        east, north = (
            centre / 100 + self.random.randint(-far * 1000, far * 1000) / 1000 for centre in ULBROKA
        )
        return round(east, 3), round(north, 3)

    def address(self) -> Thing:
        texts = self.texts("parish", unsure=["town", "street", "house", "postcode"])
        return Thing(self.id(), {**texts, "location": self.point()}, self.seldom())

    def birthday(self) -> date | None:
        if self.seldom():
            return None
        if self.seldom():
            return date(self.random.choice((1928, 2000, 2004, 2016, 2020, 2024)), 2, 29)
        day = self.random.choice(DAYS) + timedelta(days=self.random.randint(-1, 1))
        years = self.random.choice((-1, 0, 1, 2, 3, 4, 6, 7, 18, 65, 99))
        return anniversary(day, -12 * years - self.random.choice((0, 0, 1, 5, 11)))

    def person(self, world: World, slot: int) -> Person:
        known = {
            **self.texts("residence", unsure=["sex", "language", "citizenship"]),
            "birth_date": self.birthday(),
            "declared_since": self.birthday(),
            "interests": self.some(WORDS["interests"]),
            "social_statuses": self.some(WORDS["social_statuses"]),
            "channels": self.some(("push", "web_push", "email", "sms")),
        }
        person = Person(self.id(), slot, known, self.place(world), self.seldom())
        bodies = self.random.sample(world.bodies, self.number())
        person.institutions = [(body, self.seldom()) for body in bodies]
        for _ in range(self.number()):
            person.properties.append((self.thing("property kind", place=self.place(world)), False))
        person.pets = [(self.thing("species"), False) for _ in range(self.number())]
        person.vehicles = [
            (self.thing("vehicle kind", unsure=["fuel"]), False) for _ in range(self.number())
        ]
        days = sorted({self.birthday() or DAYS[0] for _ in range(self.number() + 1)})
        for since, until in pairwise(days):
            place = self.random.choice(world.places)
            former = Thing(self.id(), {"since": since, "until": until}, self.seldom(), place)
            person.former_addresses.append((former, False))
        return person

    def place(self, world: World) -> Thing | None:
        return None if self.seldom() else self.random.choice(world.places)

    def world(self, size: int) -> World:
        """Make residents, of whom the later ones are children of the earlier ones."""
        world = World()
        world.places = [self.address() for _ in range(40)]
        world.bodies = [self.thing("institution kind", "name") for _ in range(8)]
        world.homes = [Home(self.id()) for _ in range(size // 3)]
        slots = self.random.sample(range(size), size)
        world.people = [self.person(world, slot) for slot in slots]
        for index, person in enumerate(world.people):
            younger = world.people[index + 1 :]
            children = self.random.sample(younger, min(len(younger), self.number()))
            person.children = [(child, self.seldom()) for child in children]
            if not self.seldom():
                person.home = self.random.choice(world.homes)
                person.home.members.append(person)
        return world
