"""States of a group, and how small counts are shown."""

from dataclasses import dataclass
from enum import StrEnum

MINIMUM_SHOWN = 10
"""The smallest count shown as it is, unless the municipality sets another."""


class GroupState(StrEnum):
    """Whether a group follows the data."""

    LIVE = "live"
    HELD = "held"
    """So many would leave that a person decides first; membership stays as it was."""
    INVALID = "invalid"
    """The rule names what is no longer there; membership stays as it was."""
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class ShownCount:
    """A count of residents as people may see it: exact, or only that it is below a minimum."""

    count: int | None
    fewer_than: int | None


def shown(count: int, *, minimum: int = MINIMUM_SHOWN) -> ShownCount:
    """Hide a count below the minimum, zero included: that nobody fits tells of each person too."""
    return ShownCount(count, None) if count >= minimum else ShownCount(None, minimum)
