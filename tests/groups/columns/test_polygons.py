"""Many points in polygons of many corners, against every point compared with every edge."""

from math import cos, pi, sin

import numpy as np
import pytest
from numpy.typing import NDArray

from groups.columns.layout import NO_POINT
from groups.columns.polygons import inside
from groups.columns.population import Table
from groups.evaluation.slots import Mask
from groups.language.tree import Area, Ring

EAST, NORTH = 51_831_694, 31_019_078
REACH = 4_000
"""Half a square of 80 metres, so that many points lie on edges and corners."""


def settled(count: int, seed: int, step: int = 1) -> Table:
    """Settle points within the square, every `step` centimetres, and some nowhere."""
    chance = np.random.default_rng(seed)
    around = chance.integers(-REACH // step, REACH // step + 1, (2, count)) * step
    eastings, northings = (around + np.array([[EAST], [NORTH]])).astype(np.int32)
    nowhere = chance.random(count) < 0.05
    eastings[nowhere] = northings[nowhere] = NO_POINT
    return Table(count, {"easting": eastings, "northing": northings}, {})


def star(corners: int, inner: float) -> Ring:
    """Draw a star whose points reach the square's sides."""
    turns = [2 * pi * corner / corners for corner in range(corners)]
    reaches = [REACH * (inner if corner % 2 else 1) for corner in range(corners)]
    return tuple(
        (EAST + round(reach * cos(turn)), NORTH + round(reach * sin(turn)))
        for turn, reach in zip(turns, reaches, strict=True)
    )


def zigzag(corners: int) -> Ring:
    """Draw a comb: every edge is as high as the square."""
    return tuple(
        (EAST - REACH + 2 * REACH * corner // corners, NORTH + (REACH if corner % 2 else -REACH))
        for corner in range(corners)
    )


def tangle(corners: int, step: int) -> Ring:
    """Draw a ring that crosses itself again and again, with upright and level edges among its own."""
    chance = np.random.default_rng(corners)
    around = chance.integers(-REACH // step, REACH // step + 1, (corners, 2)) * step
    around[1::7, 0], around[3::7, 1] = around[0:-1:7, 0], around[2:-1:7, 1]
    return tuple((EAST + x, NORTH + y) for x, y in around.tolist())


def battlements(corners: int) -> Ring:
    """Draw a comb of upright and level edges."""
    return tuple(
        (EAST - REACH + 2 * REACH * corner // corners, NORTH + (REACH if each else -REACH))
        for corner in range(corners)
        for each in ((False, True) if corner % 2 else (True, False))
    )


def surrounded(table: Table, ring: Ring) -> tuple[Mask, Mask]:
    """Compare every point with every edge: whether inside or on an edge, and whether on one."""
    x: NDArray[np.int64] = table.columns["easting"].astype(np.int64)
    y: NDArray[np.int64] = table.columns["northing"].astype(np.int64)
    odd, on_edge = np.zeros(table.size, np.bool_), np.zeros(table.size, np.bool_)
    for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
        side = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)
        odd ^= ((y1 > y) != (y2 > y)) & ((side > 0) if y2 > y1 else (side < 0))
        within = (x >= min(x1, x2)) & (x <= max(x1, x2)) & (y >= min(y1, y2)) & (y <= max(y1, y2))
        on_edge |= (side == 0) & within
    return odd | on_edge, on_edge


DIAMOND = (
    (EAST + 3_550, NORTH),
    (EAST, NORTH + 3_550),
    (EAST - 3_550, NORTH),
    (EAST, NORTH - 3_550),
)
"""71 metres across."""


@pytest.mark.parametrize(
    ("ring", "count", "step"),
    [
        pytest.param(star(2_000, 0.7), 20_000, 1, id="a star of 2,000 corners"),
        pytest.param(zigzag(1_999), 3_000, 1, id="a comb, in several rounds"),
        pytest.param(battlements(500), 20_000, 1, id="battlements"),
        pytest.param(battlements(80), 20_000, 50, id="battlements, points on a lattice"),
        pytest.param(tangle(420, 1), 20_000, 1, id="a tangle"),
        pytest.param(tangle(420, 50), 20_000, 50, id="a tangle, points on a lattice"),
        pytest.param(tangle(42, 500), 20_000, 500, id="a tangle, many points in one place"),
        pytest.param(star(8, 0.3), 20_000, 50, id="a star, points on a lattice"),
        pytest.param(DIAMOND, 20_000, 50, id="a diamond of 71 metres"),
        pytest.param(((EAST, NORTH), (EAST + 500, NORTH), (EAST, NORTH + 500)), 9, 1, id="few"),
    ],
)
def test_points_are_told_as_by_comparing_each_with_every_edge(
    ring: Ring, count: int, step: int
) -> None:
    table = settled(count, 1, step)
    lies, _ = surrounded(table, ring)
    assert np.array_equal(inside(table, Area(((ring,),), "")), lies)


def test_holes_leave_out_what_lies_strictly_within_them() -> None:
    table = settled(20_000, 2, 50)
    holes: list[Ring] = [
        tuple(
            (EAST + dx + x, NORTH + y)
            for x, y in ((-500, -500), (500, -500), (500, 500), (-500, 500))
        )
        for dx in (-1_500, -1_000, 1_000)
    ]
    within, _ = surrounded(table, DIAMOND)
    for hole in holes:
        lies, on_edge = surrounded(table, hole)
        within &= ~lies | on_edge
    found = inside(table, Area(((DIAMOND, *holes),), ""))
    assert np.array_equal(found, within)
    both = inside(table, Area(((DIAMOND, *holes), (holes[0],)), ""))
    assert np.array_equal(both, within | surrounded(table, holes[0])[0])


def test_nobody_lives_in_an_area_far_away_or_without_a_place() -> None:
    far = tuple((x + 9_000_000, y) for x, y in DIAMOND)
    assert not inside(settled(100, 3), Area(((far,),), "")).any()
    nowhere = np.full(5, NO_POINT, np.int32)
    table = Table(5, {"easting": nowhere, "northing": nowhere}, {})
    assert not inside(table, Area(((DIAMOND,),), "")).any()


def test_a_hole_beside_which_nobody_lives_takes_nobody_out() -> None:
    west, south = EAST - REACH, NORTH - REACH
    outer: Ring = ((west, south), (west, NORTH), (EAST, south))
    hole: Ring = ((west, NORTH + 1), (west, NORTH + 500), (EAST, NORTH + 1))
    alone = Table(
        1,
        {
            "easting": np.array([west + 10], np.int32),
            "northing": np.array([south + 10], np.int32),
        },
        {},
    )
    assert inside(alone, Area(((outer, hole),), "")).tolist() == [True]
