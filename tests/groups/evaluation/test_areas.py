"""Points on edges, on corners, in holes and a centimetre beside, told alike by every evaluator."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.kernel.db import Database
from groups.evaluation.ports import Evaluator, Question
from groups.language.decode import decode
from tests.groups.evaluation.backends import Load
from tests.groups.evaluation.conftest import HERE
from tests.groups.evaluation.oracle import Asked, Rule, found
from tests.groups.evaluation.shapes import Corner, beside, diamond, multipolygon, polygon
from tests.groups.evaluation.tables import store
from tests.groups.evaluation.world import NOTHING_KNOWN, NOWHERE, Person, Thing, World
from tests.groups.language.drawn_rules import call

AS_OF = date(2026, 11, 20)
STEP, ACROSS = 2_500, 9
"""A lattice of addresses, 25 metres apart, around Ulbroka; corners of areas lie on it too."""
LATTICE = [
    (STEP * (east - ACROSS // 2), STEP * (north - ACROSS // 2))
    for east in range(ACROSS)
    for north in range(ACROSS)
]
NEAR = [
    (0, 5_001),
    (1, 5_000),
    (2_501, 2_500),
    (2_499, 2_500),
    (0, -4_999),
    (-5_000, 1),
    (-1_250, 0),
]
POINTS = [*LATTICE, *NEAR]


def settled() -> World:
    """Settle one person at every point of the lattice, some a centimetre off, and one nowhere."""
    world = World()
    for number, point in enumerate([*POINTS, None]):
        location = point and tuple(part / 100 for part in beside(*point))
        place = Thing(UUID(int=900 + number), {**NOWHERE, "location": location}, closed=False)
        world.places.append(place)
        world.people.append(
            Person(UUID(int=number + 1), number, NOTHING_KNOWN, place, closed=False)
        )
    return world


@pytest.fixture
async def lattice(database: Database) -> list[Person]:
    """Give the people of the lattice."""
    world = settled()
    await store(database, HERE, world)
    return world.people


@pytest.fixture
async def evaluator(load: Load, database: Database, lattice: list[Person]) -> Evaluator:
    """Give an evaluator that knows them."""
    assert lattice
    return await load(database, [HERE])


def within(area: dict[str, Any]) -> Rule:
    """Write that somebody lives in the area."""
    return call("s_intersects", {"property": "location"}, area)


RINGS = st.lists(st.sampled_from(LATTICE), min_size=3, max_size=6, unique=True).filter(
    lambda ring: doubled_surface(ring) != 0
)
POLYGONS = st.lists(
    RINGS.map(lambda ring: [beside(*corner) for corner in ring]), min_size=1, max_size=3
)
AREAS = POLYGONS.map(lambda rings: polygon(*rings)) | st.lists(
    POLYGONS, min_size=1, max_size=3
).map(lambda polygons: multipolygon(*polygons))


def doubled_surface(ring: list[Corner]) -> int:
    """Measure a ring; one there and back is refused."""
    return sum(
        x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True)
    )


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(area=AREAS, negated=st.booleans())
async def test_corners_edges_and_holes_are_told_as_by_exact_fractions(
    area: dict[str, Any],
    database: Database,
    evaluator: Evaluator,
    lattice: list[Person],
    *,
    negated: bool,
) -> None:
    rule = call("not", within(area)) if negated else within(area)
    assert await asked(database, evaluator, rule) == found(rule, lattice, Asked(AS_OF))


async def asked(database: Database, evaluator: Evaluator, rule: Rule) -> set[int]:
    """Ask an evaluator."""
    async with database.read([HERE]) as session:
        members = await evaluator.members(session, Question((HERE,), decode(rule), AS_OF))
    return set(members.slots)


async def test_a_diamond_of_71_metres_has_its_edges_and_corners_and_nothing_a_centimetre_beyond(
    database: Database, evaluator: Evaluator
) -> None:
    inside = {number for number, (x, y) in enumerate(POINTS) if abs(x) + abs(y) <= 5_000}
    on_edge = {number for number, (x, y) in enumerate(POINTS) if abs(x) + abs(y) == 5_000}
    whole = within(polygon(diamond(5_000)))
    assert len(on_edge) == 8
    assert await asked(database, evaluator, whole) == inside
    assert await asked(database, evaluator, call("not", whole)) == set(range(len(POINTS))) - inside
    hollow = within(polygon(diamond(10_000), diamond(5_000)))
    around = await asked(database, evaluator, hollow)
    assert around & inside == on_edge
    everything = within(multipolygon([diamond(10_000), diamond(5_000)], [diamond(5_000)]))
    assert await asked(database, evaluator, everything) == around | inside


async def test_who_lives_at_no_known_point_lives_neither_within_nor_without(
    database: Database, evaluator: Evaluator, lattice: list[Person]
) -> None:
    rule = within(polygon(diamond(5_000)))
    somewhere = await asked(database, evaluator, call("or", rule, call("not", rule)))
    nowhere = await asked(database, evaluator, call("isNull", {"property": "location"}))
    assert nowhere == {lattice[-1].slot}
    assert somewhere == {person.slot for person in lattice} - nowhere


async def test_an_area_of_very_many_corners_has_those_whom_its_few_corners_have(
    database: Database, evaluator: Evaluator
) -> None:
    ragged = [beside(east, -5_000 - east % 4 // 2) for east in range(-5_000, 5_001, 6)]
    others = [beside(5_000, -5_000), beside(5_000, 5_000), beside(-5_000, 5_000)]
    square = {number for number, point in enumerate(POINTS) if max(map(abs, point)) <= 5_000}
    assert await asked(database, evaluator, within(polygon([*ragged, *others]))) == square
