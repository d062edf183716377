"""What of a count may be shown, and for how long it is remembered that it was."""

from dataclasses import dataclass
from datetime import timedelta

KEPT = timedelta(days=30)
"""How long a set counts as known to the staff member whom its size was shown."""
MOST_KEPT = 500
"""Sets kept of one staff member; the oldest give way."""


@dataclass(frozen=True, slots=True)
class ShownSize:
    """The size of a set as a person may see it.

    Exact; or only that it is below a minimum; or withheld, because together with what the person
    was shown before it would tell of a few people.
    """

    count: int | None = None
    fewer_than: int | None = None
    withheld: bool = False
