"""Refusals of staff."""

from collections.abc import Mapping
from typing import ClassVar

from backend.kernel.errors import DomainError, Kind, Text


class StaffMemberNotFound(DomainError):
    """No such staff member here, or no longer enabled."""

    kind = Kind.NOT_FOUND
    titles: ClassVar[Mapping[str, Text]] = {
        "staff_member_not_found": Text(
            lv="Darbinieks nav atrasts", en="The staff member was not found"
        )
    }
