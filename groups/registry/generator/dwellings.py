"""Synthetic addresses: houses along streets, flats in houses, farmsteads between towns."""

from dataclasses import dataclass, field
from math import cos, radians, sin
from random import Random

from groups.registry.generator.places import Parish, Town, places

METRES_PER_DEGREE = 111_320
FARMSTEAD_SHARE = 0.12
BLOCK_SHARE = 0.18
HOUSE_SPACING_METRES = 28
STREETS_PER_TOWN = 14


@dataclass(frozen=True, slots=True)
class Dwelling:
    """One address, as a row of addresses.csv has it."""

    ref: str
    parish: str
    town: str
    street: str
    house: str
    flat: str
    postcode: str
    latitude: float
    longitude: float


@dataclass(slots=True)
class _Block:
    """A block of flats with room left."""

    street: str
    house: str
    town: Town
    latitude: float
    longitude: float
    flats: int
    taken: int = 0


@dataclass(slots=True)
class Builder:
    """Gives one dwelling after the other in one parish; no two have the same address."""

    parish: Parish
    chance: Random
    prefix: str
    built: int = 0
    _houses: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])
    _block: _Block | None = None

    def build(self) -> Dwelling:
        """Give the next dwelling: a flat, a house or a farmstead."""
        if self._block is not None:
            return self._flat(self._block)
        town = self.chance.choice(self.parish.towns)
        luck = self.chance.random()
        if luck < FARMSTEAD_SHARE and self.parish.name.endswith("pagasts"):
            return self._farmstead(town)
        street, house, latitude, longitude = self._plot(town)
        if luck > 1 - BLOCK_SHARE:
            flats = self.chance.choice((8, 12, 18, 24, 30, 45))
            self._block = _Block(street, house, town, latitude, longitude, flats)
            return self._flat(self._block)
        return self._dwelling(town.name, street, house, "", latitude, longitude)

    def _flat(self, block: _Block) -> Dwelling:
        block.taken += 1
        if block.taken == block.flats:
            self._block = None
        return self._dwelling(
            block.town.name,
            block.street,
            block.house,
            str(block.taken),
            block.latitude,
            block.longitude,
        )

    def _farmstead(self, town: Town) -> Dwelling:
        name = self.chance.choice(places().farmsteads)
        number = self._next(("", name))
        angle, metres = self.chance.uniform(0, 360), self.chance.uniform(900, 2_500)
        latitude, longitude = _away(town, angle, metres)
        house = name if number == 1 else f"{name} {number}"
        return self._dwelling("", "", house, "", latitude, longitude)

    def _plot(self, town: Town) -> tuple[str, str, float, float]:
        """Take the next house number of a street; streets leave the middle like spokes."""
        place = self.chance.randrange(STREETS_PER_TOWN)
        offset = sum(map(ord, town.name))
        street = places().streets[(place * 2 + offset) % len(places().streets)]
        number = self._next((town.name, street))
        metres = 60 + HOUSE_SPACING_METRES * (number % 50) + self.chance.uniform(0, 9)
        latitude, longitude = _away(town, place * 360 / STREETS_PER_TOWN + number // 50, metres)
        return street, str(number), latitude, longitude

    def _next(self, key: tuple[str, str]) -> int:
        self._houses[key] = self._houses.get(key, 0) + 1
        return self._houses[key]

    def _dwelling(
        self, town: str, street: str, house: str, flat: str, latitude: float, longitude: float
    ) -> Dwelling:
        self.built += 1
        ref = f"{self.prefix}{self.built:07d}"
        places_of = (self.parish.name, town, street, house, flat, self.parish.postcode)
        return Dwelling(ref, *places_of, round(latitude, 6), round(longitude, 6))


def _away(town: Town, degrees: float, metres: float) -> tuple[float, float]:
    """Go some metres from a town's middle in a direction counted from north."""
    north = metres * cos(radians(degrees)) / METRES_PER_DEGREE
    east = metres * sin(radians(degrees)) / (METRES_PER_DEGREE * cos(radians(town.latitude)))
    return town.latitude + north, town.longitude + east
