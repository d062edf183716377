"""Why an evaluation was run."""

from enum import StrEnum


class Cause(StrEnum):
    """What made a group be evaluated."""

    CREATED = "created"
    EDITED = "edited"
    IMPORT = "import"
    REQUESTED = "requested"
