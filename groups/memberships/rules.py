"""Why an evaluation was run, and when a change is too large to be made without a person."""

from enum import StrEnum

HELD_ABOVE_PERCENT = 20
HELD_ABOVE_MEMBERS = 200


class Cause(StrEnum):
    """What made a group be evaluated."""

    CREATED = "created"
    EDITED = "edited"
    IMPORT = "import"
    REQUESTED = "requested"
    CALENDAR = "calendar"
    ARCHIVED = "archived"
    RELEASED = "released"
    ERASED = "erased"

    @property
    def is_by_person(self) -> bool:
        """Whether somebody asked for it, so that it is written down even if nothing changes."""
        return self in {Cause.CREATED, Cause.EDITED, Cause.ARCHIVED, Cause.RELEASED}


def is_held(members: int, leaving: int) -> bool:
    """Tell whether so many leave at once that a person decides: over 20 % and over 200."""
    return leaving > HELD_ABOVE_MEMBERS and leaving * 100 > members * HELD_ABOVE_PERCENT
