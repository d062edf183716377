"""Points in areas, many at once, in whole centimetres: exact, as the SQL evaluator tells it.

Points are sorted by northing, so that the points at the height of an edge lie side by side: an edge
is compared with these only. Where edges are high and many, the points are split into strips from west
to east, and an edge is compared with the points beside that part of it that lies in the strip: what lies
east of the strip is crossed by every ray at its height, what lies west by none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import isqrt

import numpy as np
from numpy.typing import NDArray

from groups.columns.masks import none_of
from groups.columns.population import Table
from groups.evaluation.slots import Mask
from groups.language.tree import Area, Ring

Centimetres = NDArray[np.int64]
PAIRS = 1_000_000
"""Most pairs of an edge and a point that are compared at once; bounds the memory."""
PAIRS_A_STRIP = 6_000
"""To look at the edges for one more strip takes about as long as to compare so many pairs."""
POINTS_A_STRIP = 32


@dataclass(frozen=True, slots=True)
class Outline:
    """The edges of one ring as columns, and its bounds: west, south, east, north."""

    x1: Centimetres
    y1: Centimetres
    x2: Centimetres
    y2: Centimetres
    bounds: tuple[int, int, int, int]

    @classmethod
    def of(cls, ring: Ring) -> "Outline":
        """Draw a ring."""
        x1, y1 = np.array(ring, np.int64).T.copy()
        bounds = int(x1.min()), int(y1.min()), int(x1.max()), int(y1.max())
        return cls(x1, y1, np.roll(x1, -1), np.roll(y1, -1), bounds)


@lru_cache(maxsize=64)
def outlines(area: Area) -> tuple[tuple[Outline, ...], ...]:
    """Draw the rings of an area: for each polygon the outer one, then its holes."""
    return tuple(tuple(Outline.of(ring) for ring in polygon) for polygon in area.polygons)


def inside(table: Table, area: Area) -> Mask:
    """Mark the rows whose place lies in the area or on its edge."""
    found = none_of(table.size)
    for polygon in outlines(area):
        outer, *holes = polygon
        rows = _in_box(table, outer)
        if not len(rows):
            continue
        points = _Points.of(table, rows)
        odd, edge = points.against(outer)
        lies = odd | edge
        for hole in holes:
            part = points.between(hole.bounds[1], hole.bounds[3])
            odd, edge = points.part(part).against(hole)
            lies[part] &= ~odd | edge
        found[points.rows[lies]] = True
    return found


def _in_box(table: Table, outline: Outline) -> NDArray[np.intp]:
    west, south, east, north = outline.bounds
    bounds = table.bounds
    empty = np.empty(0, np.intp)
    if bounds is None or west > bounds[2] or east < bounds[0]:
        return empty
    if south > bounds[3] or north < bounds[1]:
        return empty
    eastings, northings = table.columns["easting"], table.columns["northing"]
    near = np.greater_equal(eastings, max(west, bounds[0]))
    near &= np.less_equal(eastings, min(east, bounds[2]))
    near &= np.greater_equal(northings, max(south, bounds[1]))
    near &= np.less_equal(northings, min(north, bounds[3]))
    return np.flatnonzero(near)


@dataclass(frozen=True, slots=True)
class _Beside:
    """The edges of a ring beside a strip, those left out that lie west of it.

    An edge is to be compared with points from `low` to `high`; every ray from the strip crosses it
    from `south` to just below `north`, where it lies east of the strip.
    """

    edges: NDArray[np.intp]
    low: Centimetres
    high: Centimetres
    south: Centimetres
    north: Centimetres

    @classmethod
    def of(cls, ring: Outline, west: int, east: int) -> "_Beside":
        """Cut the edges where they leave the strip, to a centimetre more than is sure."""
        edges = np.flatnonzero(np.maximum(ring.x1, ring.x2) >= west)
        x1, y1, x2, y2 = (each[edges] for each in (ring.x1, ring.y1, ring.x2, ring.y2))
        south, north = np.minimum(y1, y2), np.maximum(y1, y2)
        upright = x1 == x2
        slope = (y2 - y1) / np.where(upright, 1, x2 - x1)
        within = [np.clip(x, np.minimum(x1, x2), np.maximum(x1, x2)) for x in (west, east)]
        one, other = (y1 + (x - x1) * slope for x in within)
        other = np.where(upright & (x1 <= east), y2, other)
        low = np.maximum(np.floor(np.minimum(one, other)).astype(np.int64) - 1, south)
        high = np.minimum(np.ceil(np.maximum(one, other)).astype(np.int64) + 1, north)
        rises = np.where(upright, y2 > y1, (y2 > y1) == (x2 > x1))
        return cls(edges, low, high, np.where(rises, high + 1, south), np.where(rises, north, low))


@dataclass(frozen=True, slots=True)
class _Points:
    """Points in the order of their northings; `rows` are their places in the table."""

    rows: NDArray[np.intp]
    x: Centimetres
    y: Centimetres

    @classmethod
    def of(cls, table: Table, rows: NDArray[np.intp]) -> "_Points":
        northings = table.columns["northing"][rows]
        order = np.argsort(northings)
        rows = rows[order]
        return cls(
            rows, table.columns["easting"][rows].astype(np.int64), northings[order].astype(np.int64)
        )

    def between(self, south: int, north: int) -> slice:
        first, last = np.searchsorted(self.y, south), np.searchsorted(self.y, north, "right")
        return slice(int(first), int(last))

    def part(self, part: slice | NDArray[np.intp]) -> "_Points":
        return _Points(self.rows[part], self.x[part], self.y[part])

    def against(self, ring: Outline) -> tuple[Mask, Mask]:
        """Mark the points that a ray to the east tells inside, and those on an edge."""
        first, last = self._places(np.minimum(ring.y1, ring.y2), np.maximum(ring.y1, ring.y2))
        strips = min(
            isqrt(int((last - first).sum()) // PAIRS_A_STRIP), len(self.x) // POINTS_A_STRIP
        )
        if strips < 2:
            return self.compared(ring)
        odd, on_edge = none_of(len(self.x)), none_of(len(self.x))
        for part in np.array_split(np.argsort(self.x), strips):
            places = np.sort(part)
            odd[places], on_edge[places] = self.part(places).compared(ring)
        return odd, on_edge

    def compared(self, ring: Outline) -> tuple[Mask, Mask]:
        """Do so for points that are taken as one strip."""
        size = len(self.x)
        if not size:
            return none_of(0), none_of(0)
        beside = _Beside.of(ring, int(self.x.min()), int(self.x.max()))
        begin, end = np.searchsorted(self.y, beside.south), np.searchsorted(self.y, beside.north)
        ends = np.bincount(np.maximum(begin, end), minlength=size + 1)
        crossed = np.cumsum(np.bincount(begin, minlength=size + 1) - ends)[:size]
        on_edge = none_of(size)
        for edge, point in self._pairs(beside):
            x, y = self.x[point], self.y[point]
            x1, y1, x2, y2 = (each[edge] for each in (ring.x1, ring.y1, ring.x2, ring.y2))
            side = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)
            meets = ((y1 > y) != (y2 > y)) & (side != 0) & ((side > 0) == (y2 > y1))
            crossed += np.bincount(point[meets], minlength=size)
            touches = (side == 0) & (np.minimum(x1, x2) <= x) & (x <= np.maximum(x1, x2))
            on_edge[point[touches]] = True
        return crossed % 2 == 1, on_edge

    def _places(
        self, south: Centimetres, north: Centimetres
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        return np.searchsorted(self.y, south), np.searchsorted(self.y, north, "right")

    def _pairs(self, beside: "_Beside") -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
        """Pair every edge with the points to compare it with, so many at once."""
        first, last = self._places(beside.low, beside.high)
        counts = last - first
        edges = np.flatnonzero(counts)
        start = 0
        while start < len(edges):
            totals = np.cumsum(counts[edges[start:]])
            stop = start + max(1, int(np.searchsorted(totals, PAIRS, "right")))
            chosen = edges[start:stop]
            lengths = counts[chosen]
            before = np.cumsum(lengths) - lengths
            offset = np.repeat(first[chosen] - before, lengths)
            yield np.repeat(beside.edges[chosen], lengths), offset + np.arange(len(offset))
            start = stop
