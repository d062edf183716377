"""Refusals of cases and their sources."""

from collections.abc import Mapping
from typing import ClassVar

from backend.kernel.errors import DomainError, Kind, Text


class CaseNotFound(DomainError):
    """No such case, or another resident's."""

    kind = Kind.NOT_FOUND
    titles: ClassVar[Mapping[str, Text]] = {
        "case_not_found": Text(lv="Lieta nav atrasta", en="The case is not found")
    }


class StatusSourceNotFound(DomainError):
    """No such source in this municipality."""

    kind = Kind.NOT_FOUND
    titles: ClassVar[Mapping[str, Text]] = {
        "status_source_not_found": Text(
            lv="Statusu avots nav atrasts", en="The status source is not found"
        )
    }


class StatusSourceExists(DomainError):
    """The source URI is registered already."""

    kind = Kind.CONFLICT
    titles: ClassVar[Mapping[str, Text]] = {
        "status_source_exists": Text(
            lv="Avots ar šo URI jau ir reģistrēts",
            en="A source with this URI is registered already",
        )
    }
    constraints: ClassVar[Mapping[str, str]] = {
        "uq_status_source_municipality_id_source_uri": "status_source_exists"
    }
