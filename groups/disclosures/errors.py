"""Refusals about disclosing members."""

from collections.abc import Mapping
from typing import ClassVar

from backend.kernel.errors import DomainError, Kind, Text


class DisclosureNotFound(DomainError):
    """No such disclosure of this group, or it was asked for by somebody else."""

    kind = Kind.NOT_FOUND
    titles: ClassVar[Mapping[str, Text]] = {
        "disclosure_not_found": Text(lv="Izpaušana nav atrasta", en="Disclosure not found")
    }


class DisclosureRefused(DomainError):
    """The group tells of special categories, and is not for social support."""

    kind = Kind.FORBIDDEN
    titles: ClassVar[Mapping[str, Text]] = {
        "disclosure_refused": Text(
            lv="Šīs grupas dalībniekus drīkst izpaust tikai sociālajam atbalstam",
            en="The members of this group may be disclosed only for social support",
        )
    }


class DisclosureEnded(DomainError):
    """The day within which a disclosure may be read is over; it has to be asked for again."""

    kind = Kind.GONE
    titles: ClassVar[Mapping[str, Text]] = {
        "disclosure_ended": Text(
            lv="Izpaušanas laiks ir beidzies", en="The time to read the disclosure is over"
        )
    }


class ExportTooLarge(DomainError):
    """The group has more members than one export may hold."""

    kind = Kind.TOO_LARGE
    titles: ClassVar[Mapping[str, Text]] = {
        "export_too_large": Text(
            lv="Grupa ir par lielu izgūšanai", en="The group is too large to be exported"
        )
    }
