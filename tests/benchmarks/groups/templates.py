"""Rules as communicators write them: forty templates, filled out of a seed for each municipality."""

from collections.abc import Callable, Sequence
from math import cos, pi, sin
from random import Random
from typing import Any

from pyproj import Transformer

from tests.benchmarks.groups.nation import Town

DEGREES = Transformer.from_crs("EPSG:3059", "EPSG:4326", always_xy=True)
Rule = dict[str, Any]
Template = Callable[["Filler"], Rule]


def p(name: str) -> Rule:
    """Name a property."""
    return {"property": name}


def op(name: str, *arguments: object) -> Rule:
    """Write an expression."""
    return {"op": name, "args": list(arguments)}


def both(*rules: Rule) -> Rule:
    """Ask for all."""
    return op("and", *rules)


def has(relation: str, *filters: Rule) -> Rule:
    """Ask for a related thing."""
    return op("any", p(relation), *filters)


def date_back(duration: str) -> Rule:
    """Name a day before today."""
    return op("today", f"-{duration}")


class Filler:
    """Draws the particulars of one municipality's rules."""

    def __init__(self, town: Town, chance: Random) -> None:
        self.town, self.chance = town, chance

    def number(self, low: int, high: int) -> int:
        return self.chance.randint(low, high)

    def parish(self) -> Rule:
        number = int(self.chance.random() ** 2 * self.town.parishes)
        return op("=", p("parish"), f"Pagasts {number} no {int(self.town.municipality)}")

    def village(self) -> Rule:
        return op("=", p("town"), f"Ciems {self.number(0, 5)} no {int(self.town.municipality)}")

    def street(self) -> str:
        return f"Iela {self.number(0, self.town.streets - 1)}"

    def ages(self, low: int, high: int, width: int) -> Rule:
        first = self.number(low, high)
        return op("between", p("age"), first, first + self.number(1, width))

    def circle(self, corners: int, metres: int) -> Rule:
        """Draw a polygon around a place of the municipality, in degrees, roughly round."""
        east = self.town.east + self.number(-9_000, 9_000)
        north = self.town.north + self.number(-9_000, 9_000)
        turns = [2 * pi * corner / corners for corner in range(corners)]
        points = [degrees(east + metres * cos(t), north + metres * sin(t)) for t in turns]
        return {"type": "Polygon", "coordinates": [[*points, points[0]]]}


def degrees(east: float, north: float) -> list[float]:
    """Turn LKS-92 metres into WGS-84 degrees: longitude, latitude."""
    longitude, latitude = DEGREES.transform(east, north)
    return [round(longitude, 7), round(latitude, 7)]


def age(operator: str, years: int) -> Rule:
    """Compare the age."""
    return op(operator, p("age"), years)


def area(filler: Filler, corners: int, metres: int) -> Rule:
    """Ask who lives in an area."""
    return op("s_intersects", p("location"), filler.circle(corners, metres))


def on_street(filler: Filler) -> Rule:
    """Ask who lives at some numbers of a street."""
    first = filler.number(1, 80)
    return both(
        op("=", p("street"), filler.street()),
        op("between", p("house_number"), first, first + filler.number(5, 40)),
    )


def kind(value: str) -> Rule:
    """Ask of what kind a thing is."""
    return op("=", p("kind"), value)


def tag(name: str, filler: Filler, last: int) -> str:
    """Draw a tag."""
    return f"{name}_{filler.number(0, last)}"


TEMPLATES: Sequence[Template] = (
    lambda f: f.parish(),
    lambda f: f.village(),
    on_street,
    lambda f: op("in", p("street"), [f.street() for _ in range(12)]),
    lambda f: op("like", p("street"), f"Iela {f.number(1, 9)}%"),
    lambda f: op("=", op("casei", p("street")), op("casei", f.street().upper())),
    lambda f: op(
        "=",
        p("postcode"),
        f"LV-{1000 + (int(f.town.municipality) // 1000 * 7 + f.number(0, 19)) % 4800}",
    ),
    lambda f: age(">=", f.number(60, 80)),
    lambda f: f.ages(18, 40, 15),
    lambda f: both(f.parish(), f.ages(0, 60, 20)),
    lambda f: has("children", f.ages(0, 15, 4)),
    lambda f: both(f.parish(), has("children", f.ages(2, 6, 3))),
    lambda f: has("children", op("between", p("age_months"), f.number(0, 20), f.number(21, 40))),
    lambda f: op(">=", op("count", p("children")), f.number(2, 3)),
    lambda _: op(">=", op("count", p("children"), age("<", 18)), 2),
    lambda _: has("children", has("institutions", kind("preschool"))),
    lambda f: has(
        "children",
        has(
            "institutions",
            op(
                "=",
                p("name"),
                f"Iestāde {f.number(0, f.town.institutions - 1)} no {int(f.town.municipality)}",
            ),
        ),
    ),
    lambda f: has("children", op("=", op("age_in_year", p("birth_date")), f.number(6, 8))),
    lambda f: has("household", age(">=", f.number(70, 85))),
    lambda f: both(op("=", op("count", p("household")), 1), age(">=", f.number(65, 80))),
    lambda _: op("not", has("household", age("<", 18))),
    lambda _: has("properties", kind("land")),
    lambda f: has("properties", both(kind("building"), f.parish())),
    lambda f: has("properties", op("s_intersects", p("location"), f.circle(24, 2_000))),
    lambda f: op("and", has("properties"), op("not", f.parish())),
    lambda _: has("vehicles", op("=", p("fuel"), "electric")),
    lambda _: has("vehicles", op("in", p("fuel"), ["diesel", "petrol"])),
    lambda _: has("pets", op("=", p("species"), "dog")),
    lambda f: both(f.parish(), has("pets", op("in", p("species"), ["dog", "ferret"]))),
    lambda f: area(f, 4, f.number(50, 400)),
    lambda f: area(f, 32, f.number(800, 3_000)),
    lambda f: area(f, 200, f.number(2_000, 6_000)),
    lambda f: both(area(f, 16, 4_000), age(">=", f.number(18, 65))),
    lambda f: op("a_overlaps", p("interests"), [tag("interest", f, 11), tag("interest", f, 23)]),
    lambda f: op("a_contains", p("interests"), [tag("interest", f, 11)]),
    lambda f: op("a_contains", p("social_statuses"), [tag("status", f, 5)]),
    lambda f: both(op("=", p("language"), "ru"), age(">", f.number(40, 70))),
    lambda _: op("or", op("=", p("citizenship"), "UA"), op("isNull", p("citizenship"))),
    lambda _: both(
        op("a_overlaps", p("channels"), ["sms"]),
        op("not", op("a_overlaps", p("channels"), ["push"])),
    ),
    lambda f: op(">", p("declared_since"), date_back(f"P{f.number(1, 12)}M")),
    lambda f: has("former_addresses", both(f.parish(), op(">", p("until"), date_back("P2Y")))),
    lambda f: op(
        "and", age(">=", 18), op("=", p("sex"), "female"), has("children", age("<", 3)), f.parish()
    ),
    lambda f: op(
        "or",
        f.parish(),
        has("properties", f.parish()),
        has("children", has("institutions", kind("school"))),
    ),
)
"""Forty-three; a rule about a parish or street of one municipality finds few in the others."""


def rules_of(town: Town, count: int, seed: int, first: int) -> list[Rule]:
    """Fill so many templates, the first of them `first`, for a municipality."""
    chance = Random(f"{seed}/{town.municipality}")  # noqa: S311 - a benchmark, not a secret
    filler = Filler(town, chance)
    return [TEMPLATES[(first + number) % len(TEMPLATES)](filler) for number in range(count)]


def rules_of_all(nation: Sequence[Town], count: int, seed: int) -> list[tuple[Town, Rule]]:
    """Share so many rules out to the municipalities in turn, templates in turn."""
    share, more = divmod(count, len(nation))
    found: list[tuple[Town, Rule]] = []
    for place, town in enumerate(nation):
        size = share + (place < more)
        found += [(town, rule) for rule in rules_of(town, size, seed, len(found))]
    return found
