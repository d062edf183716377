"""WGS-84 degrees into LKS-92 metres (EPSG:3059), many at once."""

from collections.abc import Sequence
from functools import cache
from typing import Protocol

from pyproj import Transformer


class Projection(Protocol):
    """The part of pyproj's transformer that is used; pyproj types it loosely."""

    def transform(
        self, xx: Sequence[float], yy: Sequence[float]
    ) -> tuple[Sequence[float], Sequence[float]]:
        """Turn two lists of coordinates into two others."""
        ...


@cache
def lks92() -> Projection:
    """Give the transformation from (longitude, latitude) to (easting, northing)."""
    transformer: Projection = Transformer.from_crs("EPSG:4326", "EPSG:3059", always_xy=True)
    return transformer


def to_lks92(longitudes: Sequence[float], latitudes: Sequence[float]) -> list[tuple[float, float]]:
    """Give (easting, northing) in metres, to the millimetre, for each pair of degrees."""
    eastings, northings = lks92().transform(longitudes, latitudes)
    return [(round(x, 3), round(y, 3)) for x, y in zip(eastings, northings, strict=True)]
