"""Where synthetic people live: parishes, towns and streets of a municipality."""

from functools import cache
from pathlib import Path
from random import Random

import msgspec

from backend.kernel.territories.register import Territory


class Town(msgspec.Struct, frozen=True):
    """A town or village and its middle, WGS-84 degrees."""

    name: str
    latitude: float
    longitude: float


class Parish(msgspec.Struct, frozen=True):
    """A parish or town unit; `share` is its weight among the municipality's residents."""

    name: str
    share: float
    postcode: str
    towns: list[Town]


class Places(msgspec.Struct, frozen=True):
    """The data file: names of streets and farmsteads, and the municipalities described."""

    streets: list[str]
    farmsteads: list[str]
    municipalities: dict[str, list[Parish]]


@cache
def places() -> Places:
    """Read the data file."""
    path = Path(__file__).parent / "places.json"
    return msgspec.json.decode(path.read_bytes(), type=Places)


def parishes_of(territory: Territory) -> list[Parish]:
    """Give the parishes of a municipality; one that is not described gets invented ones."""
    return places().municipalities.get(territory.code) or _invented(territory)


def _invented(territory: Territory) -> list[Parish]:
    """Invent a town and four parishes around a point that only the code decides, inland."""
    chance = Random(territory.code)  # noqa: S311 - synthetic geography, not a secret
    latitude, longitude = chance.uniform(56.5, 57.2), chance.uniform(22.6, 26.4)
    stem = territory.name_lv.split()[0]
    sides = (
        ("Ziemeļu", 0.08, 0),
        ("Dienvidu", -0.08, 0),
        ("Austrumu", 0, 0.13),
        ("Rietumu", 0, -0.13),
    )
    middle = Parish(f"{stem} centrs", 48, "LV-9900", [Town(stem, latitude, longitude)])
    return [middle] + [
        Parish(
            f"{side} pagasts",
            13,
            f"LV-99{number:02d}",
            [Town(f"{side} ciems", round(latitude + north, 4), round(longitude + east, 4))],
        )
        for number, (side, north, east) in enumerate(sides, start=1)
    ]
