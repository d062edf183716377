"""Refusals of previews."""

from collections.abc import Mapping
from typing import ClassVar

from backend.kernel.errors import DomainError, Kind, Text


class ScopeNotAllowed(DomainError):
    """Only who runs the deployment may count over all municipalities."""

    kind = Kind.FORBIDDEN
    titles: ClassVar[Mapping[str, Text]] = {
        "scope_not_allowed": Text(
            lv="Visas pašvaldības kopā drīkst skaitīt tikai platformas uzturētājs",
            en="Only an operator may count over all municipalities",
        )
    }


class PreviewDayOutOfRange(DomainError):
    """A preview is of today or of a day within a year and a day."""

    kind = Kind.INVALID
    titles: ClassVar[Mapping[str, Text]] = {
        "preview_day_out_of_range": Text(
            lv="Priekšskatījuma diena ir no šodienas līdz 366 dienām uz priekšu",
            en="The day of a preview is from today to 366 days ahead",
        )
    }
