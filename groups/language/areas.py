"""Areas of a rule: GeoJSON in WGS-84 degrees, compared in whole centimetres of LKS-92."""

import json
from contextlib import suppress
from itertools import pairwise
from typing import TypeAlias

from groups.language.errors import FaultCode
from groups.language.limits import MAX_VERTICES
from groups.language.projection import to_lks92
from groups.language.spots import Json, Refused, Spot
from groups.language.tree import Area, Ring

SOUTH, NORTH = 55.6, 58.2
WEST, EAST = 20.8, 28.4
"""Latvia in degrees, with a margin of some kilometres; the registry's feed takes the same."""

LEAST_POSITIONS = 4
"""Of a ring: three corners, and the first again."""

Degrees: TypeAlias = tuple[float, float]


def read_area(payload: Json, spot: Spot) -> Area:
    """Read a Polygon or MultiPolygon.

    Edges are straight in the plane of LKS-92. Edges may cross: what lies inside is decided by even
    and odd.

    Raises:
        Refused: with a fault noted at every ring, position or member that is wrong.
    """
    kind = payload.get("type") if isinstance(payload, dict) else None
    if not isinstance(payload, dict) or kind not in {"Polygon", "MultiPolygon"}:
        raise spot.refused(FaultCode.AREA_EXPECTED, "Polygon or MultiPolygon")
    before = len(spot.reading.faults)
    spot.note_others(payload, "type", "coordinates")
    coordinates, there = payload.get("coordinates"), spot.below("coordinates")
    written = [(coordinates, there)] if kind == "Polygon" else _listed(coordinates, there)
    polygons: list[tuple[Ring, ...]] = []
    for each, below in written:
        with suppress(Refused):
            polygons.append(_polygon(each, below))
    if len(spot.reading.faults) > before:
        raise Refused
    return Area(tuple(polygons), _written(kind, coordinates))


def _written(kind: Json, coordinates: Json) -> str:
    return json.dumps({"coordinates": coordinates, "type": kind}, separators=(",", ":"))


def _listed(payload: Json, spot: Spot) -> list[tuple[Json, Spot]]:
    """List the elements with their spots; an empty list holds no area."""
    if not isinstance(payload, list) or not payload:
        raise spot.refused(FaultCode.AREA_EXPECTED, "list expected")
    return [(each, spot.below(index)) for index, each in enumerate(payload)]


def _polygon(payload: Json, spot: Spot) -> tuple[Ring, ...]:
    rings: list[Ring] = []
    for each, below in _listed(payload, spot):
        with suppress(Refused):
            rings.append(_ring(each, below))
    return tuple(rings)


def _ring(payload: Json, spot: Spot) -> Ring:
    """Read a closed line, and leave out its last position, which is the first again."""
    elements = _listed(payload, spot)
    if len(elements) < LEAST_POSITIONS:
        raise spot.refused(FaultCode.RING_EMPTY, f"at least {LEAST_POSITIONS} positions")
    spot.reading.vertices += len(elements) - 1
    if spot.reading.vertices > MAX_VERTICES:
        raise spot.refused(FaultCode.TOO_MANY_VERTICES, f"at most {MAX_VERTICES}")
    if elements[0][0] != elements[-1][0]:
        raise spot.refused(FaultCode.RING_OPEN)
    positions = [_position(each, below) for each, below in elements[:-1]]
    known = [position for position in positions if position is not None]
    if len(known) < len(positions):
        raise Refused
    ring = _in_centimetres(known)
    if _doubled_surface(ring) == 0:
        raise spot.refused(FaultCode.RING_EMPTY)
    return ring


def _position(payload: Json, spot: Spot) -> Degrees | None:
    """Read longitude and latitude; None where a fault was noted."""
    match payload:
        case [int() | float() as east, int() | float() as north] if not (
            isinstance(east, bool) or isinstance(north, bool)
        ):
            if WEST <= east <= EAST and SOUTH <= north <= NORTH:
                return east, north
            spot.refused(FaultCode.OUT_OF_RANGE, f"{WEST} to {EAST}, {SOUTH} to {NORTH}")
        case _:
            spot.refused(FaultCode.WRONG_TYPE, "longitude and latitude expected")
    return None


def _in_centimetres(positions: list[Degrees]) -> Ring:
    points = to_lks92([east for east, _ in positions], [north for _, north in positions])
    return tuple((round(easting * 100), round(northing * 100)) for easting, northing in points)


def _doubled_surface(ring: Ring) -> int:
    """Sum up twice the signed surface: nothing for a line there and back."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise((*ring, ring[0])))
