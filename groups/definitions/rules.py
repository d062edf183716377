"""States of a group, and how small counts are shown."""

from dataclasses import dataclass
from enum import StrEnum

MOST_STEPS = 5
"""How many groups may refer one to the next, one after another."""
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


NEEDS_A_PERSON = frozenset({GroupState.HELD, GroupState.INVALID})


class Trouble(StrEnum):
    """Why a group is held or invalid, beside the codes of faults in rules."""

    TOO_MANY_LEAVE = "too_many_leave"
    VALUE_WITHDRAWN = "value_withdrawn"
    GROUP_ARCHIVED = "group_archived"


@dataclass(frozen=True, slots=True)
class ShownCount:
    """A count of residents as people may see it: exact, or only that it is below a minimum."""

    count: int | None
    fewer_than: int | None


def shown(count: int, *, minimum: int = MINIMUM_SHOWN) -> ShownCount:
    """Hide a count below the minimum, zero included: that nobody fits tells of each person too."""
    return ShownCount(count, None) if count >= minimum else ShownCount(None, minimum)
