"""Refusals about audiences."""

from collections.abc import Mapping
from typing import ClassVar

from backend.kernel.errors import DomainError, Kind, Text


class AudienceNotFound(DomainError):
    """No such audience in the caller's municipality."""

    kind = Kind.NOT_FOUND
    titles: ClassVar[Mapping[str, Text]] = {
        "audience_not_found": Text(lv="Auditorija nav atrasta", en="Audience not found")
    }


class AudienceInvalid(DomainError):
    """What the audience is to be made of is not allowed; the faults point at the fields."""

    kind = Kind.INVALID
    titles: ClassVar[Mapping[str, Text]] = {
        "audience_invalid": Text(lv="Auditorija nav derīga", en="The audience is not valid")
    }
