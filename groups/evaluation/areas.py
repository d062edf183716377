"""Areas as edges in bands of northing, so that a point is compared with the few at its height.

Whole centimetres all through: whether a point lies in an area is told without any rounding, and
so every evaluator tells the same. A point lies in a ring if a ray from it to the east crosses an
odd number of edges; an edge is crossed if exactly one of its ends lies above the point.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from groups.language.tree import Area, Ring

EDGES_PER_BAND = 4
MOST_BANDS = 512
RINGS = 2**16
"""More than twice the rings that an area may have."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One side of a ring: `ring` counts all rings of the area, `polygon` its polygons."""

    polygon: int
    ring: int
    is_hole: bool
    x1: int
    y1: int
    x2: int
    y2: int

    @property
    def of(self) -> int:
        """Tell polygon, ring and hole in one number: the last bit, `RINGS` for the polygon."""
        return self.polygon * RINGS + self.ring * 2 + self.is_hole


@dataclass(frozen=True, slots=True)
class Box:
    """The bounds of an area in centimetres, all four included."""

    west: int
    south: int
    east: int
    north: int


@dataclass(frozen=True, slots=True)
class Banded:
    """An area's edges by bands: band `i` has `edges[starts[i]:starts[i + 1]]`.

    A point of the box at northing `y` lies in band `(y - box.south) // height`. An edge is in
    every band that it touches; within a band, edges lie in the order of their rings.
    """

    box: Box
    height: int
    starts: tuple[int, ...]
    edges: tuple[Edge, ...]


def edges_of(area: Area) -> tuple[Edge, ...]:
    """List the edges of an area, ring after ring, outer rings before their holes."""
    edges: list[Edge] = []
    rings = 0
    for number, polygon in enumerate(area.polygons):
        for place, ring in enumerate(polygon):
            edges.extend(
                Edge(number, rings, place > 0, *start, *end) for start, end in _sides(ring)
            )
            rings += 1
    return tuple(edges)


def banded(area: Area) -> Banded:
    """Sort the edges of an area into bands of equal height."""
    edges = edges_of(area)
    box = _box(area)
    count = max(1, min(MOST_BANDS, len(edges) // EDGES_PER_BAND))
    height = (box.north - box.south) // count + 1
    bands: list[list[Edge]] = [[] for _ in range((box.north - box.south) // height + 1)]
    for edge in edges:
        low, high = sorted((edge.y1, edge.y2))
        for band in range((low - box.south) // height, (high - box.south) // height + 1):
            bands[band].append(edge)
    return Banded(box, height, _starts(bands), tuple(edge for band in bands for edge in band))


def _sides(ring: Ring) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    return list(zip(ring, (*ring[1:], ring[0]), strict=True))


def _box(area: Area) -> Box:
    points = [point for polygon in area.polygons for ring in polygon for point in ring]
    eastings, northings = [x for x, _ in points], [y for _, y in points]
    return Box(min(eastings), min(northings), max(eastings), max(northings))


def _starts(bands: Sequence[Sequence[Edge]]) -> tuple[int, ...]:
    starts = [0]
    for band in bands:
        starts.append(starts[-1] + len(band))
    return tuple(starts)
