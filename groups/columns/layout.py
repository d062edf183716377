"""The layout of columns: how each is kept, and the sentinel of what is unknown."""

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Column: TypeAlias = NDArray[np.integer]
"""One value a row; tags are kept as rows of bytes, a bit a word."""

NO_DAY = 2_147_483_647
"""No date known; it lies after every day, so that what has begun by a day leaves it out."""
NO_NUMBER = -1
NO_POINT = -2_147_483_648
NOBODY = -1
"""No household."""
UNKNOWN = 0
"""The code of a text that is not known; in `residence`, of a slot without an open resident."""

TEXTS_BEHIND: Mapping[str, tuple[str, ...]] = {
    "profile": ("sex", "language", "citizenship", "residence"),
    "parish": ("parish",),
    "town": ("town",),
    "street": ("street",),
    "postcode": ("postcode",),
    "institution": ("kind", "name"),
    "property": ("kind",),
    "vehicle": ("kind", "fuel"),
    "pet": ("species",),
}
"""The texts that share one hash, by the field that holds it."""
TAGS = ("interests", "social_statuses")

DAY_COLUMNS = frozenset({"birth_date", "declared_since", "since", "until"})
PLAIN: Mapping[str, tuple[type[np.integer], int]] = {
    "birth_date": (np.int32, NO_DAY),
    "declared_since": (np.int32, NO_DAY),
    "since": (np.int32, NO_DAY),
    "until": (np.int32, NO_DAY),
    "household": (np.int32, NOBODY),
    "reach": (np.uint8, 0),
    "house_number": (np.int16, NO_NUMBER),
    "easting": (np.int32, NO_POINT),
    "northing": (np.int32, NO_POINT),
    "target": (np.int32, 0),
}
"""The columns that are kept as they come, with what stands where nothing is known."""
