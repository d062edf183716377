"""Why a list of values is not given."""

from collections.abc import Mapping
from typing import ClassVar

from backend.kernel.errors import DomainError, Kind, Text


class LookupNotFound(DomainError):
    """No attribute takes its values from such a list."""

    kind = Kind.NOT_FOUND
    titles: ClassVar[Mapping[str, Text]] = {
        "lookup_not_found": Text(lv="Šāda vērtību saraksta nav", en="No such list of values")
    }


class LookupOutsidePurpose(DomainError):
    """The list may not be read for the purpose, or not without one."""

    kind = Kind.FORBIDDEN
    titles: ClassVar[Mapping[str, Text]] = {
        "lookup_outside_purpose": Text(
            lv="Šim mērķim šo vērtību sarakstu izmantot nedrīkst",
            en="This list of values may not be used for this purpose",
        )
    }
