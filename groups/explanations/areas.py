"""Whether a point lies in an area, in whole centimetres: exact, edges included."""

from itertools import pairwise

from groups.language.tree import Area, Ring

OUTSIDE, ON_EDGE, INSIDE = range(3)


def contains(area: Area, point: tuple[int, int]) -> bool:
    """Tell whether the point is in one of the polygons; the edge of a hole is."""
    return any(_in_polygon(rings, point) for rings in area.polygons)


def _in_polygon(rings: tuple[Ring, ...], point: tuple[int, int]) -> bool:
    outer, *holes = rings
    in_hole = any(_place(hole, point) == INSIDE for hole in holes)
    return _place(outer, point) != OUTSIDE and not in_hole


def _place(ring: Ring, point: tuple[int, int]) -> int:
    """Count the edges to the east of the point that cross its northing: odd is inside."""
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in pairwise((*ring, ring[0])):
        turn = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)
        if turn == 0 and min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2):
            return ON_EDGE
        if (y1 > y) != (y2 > y) and (turn > 0) == (y2 > y1):
            inside = not inside
    return INSIDE if inside else OUTSIDE
