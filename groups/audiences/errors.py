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
