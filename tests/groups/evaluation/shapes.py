"""Areas drawn on the ground in whole centimetres of LKS-92, written as GeoJSON in degrees."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from pyproj import Transformer

Point = tuple[float, float]
"""Easting and northing in metres."""
Corner = tuple[int, int]
"""Easting and northing in centimetres."""

ULBROKA: Corner = (51_831_694, 31_019_078)
"""Near the first of the centres that rules are drawn around."""


@cache
def to_degrees() -> Transformer:
    """Give the transformation from (easting, northing) to (longitude, latitude)."""
    return Transformer.from_crs("EPSG:3059", "EPSG:4326", always_xy=True)


def ring(corners: Sequence[Corner]) -> list[list[float]]:
    """Write a ring whose corners the product projects back onto the same centimetres."""
    return [
        [*to_degrees().transform(east / 100, north / 100)] for east, north in [*corners, corners[0]]
    ]


def polygon(*rings: Sequence[Corner]) -> dict[str, Any]:
    """Write a polygon: its outer ring and its holes."""
    return {"type": "Polygon", "coordinates": [ring(each) for each in rings]}


def multipolygon(*polygons: Sequence[Sequence[Corner]]) -> dict[str, Any]:
    """Write several polygons, each its outer ring and its holes."""
    coordinates = [[ring(each) for each in rings] for rings in polygons]
    return {"type": "MultiPolygon", "coordinates": coordinates}


def beside(east: int, north: int) -> Corner:
    """Name the corner so many centimetres east and north of Ulbroka."""
    return ULBROKA[0] + east, ULBROKA[1] + north


def diamond(reach: int) -> list[Corner]:
    """Draw a square on its corner, each corner so many centimetres from Ulbroka."""
    return [beside(reach, 0), beside(0, reach), beside(-reach, 0), beside(0, -reach)]
