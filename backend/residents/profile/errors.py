"""Refusals of the profile."""

from collections.abc import Mapping
from typing import ClassVar

from backend.kernel.errors import DomainError, Kind, Text


class ProfileNotFound(DomainError):
    """The resident is no longer registered here."""

    kind = Kind.NOT_FOUND
    titles: ClassVar[Mapping[str, Text]] = {
        "profile_not_found": Text(lv="Profils nav atrasts", en="The profile was not found")
    }
