"""Refusals of feeds that come over HTTP, and of their sources."""

from collections.abc import Mapping
from typing import ClassVar

from backend.kernel.errors import DomainError, Fault, Kind, Text


class RegistryFeedNotFound(DomainError):
    """No such feed, another source's, or of a municipality that the source does not serve."""

    kind = Kind.NOT_FOUND
    titles: ClassVar[Mapping[str, Text]] = {
        "registry_feed_not_found": Text("Datu kopa nav atrasta", "The feed is not found")
    }


class RegistryFileNotFound(DomainError):
    """The feed's manifest has no such file."""

    kind = Kind.NOT_FOUND
    titles: ClassVar[Mapping[str, Text]] = {
        "registry_file_not_found": Text(
            "Datu kopas manifestā nav šādas datnes", "The feed's manifest has no such file"
        )
    }


class RegistryReportNotFound(DomainError):
    """The feed has not been imported yet, so nothing is known of its rows."""

    kind = Kind.NOT_FOUND
    titles: ClassVar[Mapping[str, Text]] = {
        "registry_report_not_found": Text(
            "Datu kopai vēl nav rindu pārskata", "The feed has no row report yet"
        )
    }


class RegistryFeedConflict(DomainError):
    """The feed stands otherwise than the request supposes; nothing was taken."""

    kind = Kind.CONFLICT
    titles: ClassVar[Mapping[str, Text]] = {
        "registry_manifest_differs": Text(
            "Ar šo nosaukumu jau ir datu kopa ar citu manifestu",
            "A feed with this id and another manifest exists already",
        ),
        "registry_feed_not_receiving": Text(
            "Datu kopai vairs nevar pievienot daļas", "The feed takes no more parts"
        ),
        "registry_offset_mismatch": Text(
            "Daļa nesākas tur, kur beidzas saņemtais",
            "The part does not begin where what was received ends",
        ),
        "registry_part_differs": Text(
            "Šajā vietā jau ir saņemts cits saturs",
            "Other content was received for this place already",
        ),
        "registry_file_incomplete": Text(
            "Nav saņemtas visas datnes līdz galam", "Not all files were received to their end"
        ),
        "registry_hash_mismatch": Text(
            "Datnes SHA-256 neatbilst manifestam; sūtiet to no sākuma",
            "A file's SHA-256 differs from the manifest; send it again from its beginning",
        ),
        "registry_request_repeated": Text(
            "Pieprasījums ar šo webhook-id jau ir izpildīts",
            "A request with this webhook-id was acted on already",
        ),
    }


class RegistryPartTooLong(DomainError):
    """The part reaches beyond the end of the file as the manifest announces it."""

    kind = Kind.TOO_LARGE
    titles: ClassVar[Mapping[str, Text]] = {
        "registry_part_too_long": Text(
            "Daļa sniedzas pāri datnes beigām", "The part reaches beyond the end of the file"
        )
    }


class RegistryFeedsTooMany(DomainError):
    """The source has not finished the feeds that it began."""

    kind = Kind.LIMITED
    titles: ClassVar[Mapping[str, Text]] = {
        "registry_feeds_too_many": Text(
            "Avots jau sūta vairākas datu kopas; pabeidziet kādu no tām",
            "The source is sending several feeds already; complete one of them",
        )
    }


class RegistryFeedNotHeld(DomainError):
    """The decision does not fit the feed's state: accepted is what is held, rejected what waits."""

    kind = Kind.CONFLICT
    titles: ClassVar[Mapping[str, Text]] = {
        "registry_feed_not_held": Text(
            "Datu kopas stāvoklī šis lēmums nav iespējams",
            "This decision is not possible in the feed's state",
        )
    }


class RegistrySourceNotFound(DomainError):
    """No such source in this municipality."""

    kind = Kind.NOT_FOUND
    titles: ClassVar[Mapping[str, Text]] = {
        "registry_source_not_found": Text(
            "Reģistra avots nav atrasts", "The registry source is not found"
        )
    }


class RegistrySourceExists(DomainError):
    """A source of this name is registered already."""

    kind = Kind.CONFLICT
    titles: ClassVar[Mapping[str, Text]] = {
        "registry_source_exists": Text(
            "Avots ar šo nosaukumu jau ir reģistrēts",
            "A source with this name is registered already",
        )
    }
    constraints: ClassVar[Mapping[str, str]] = {
        "uq_registry_source_municipality_id_name": "registry_source_exists"
    }


def offset_mismatch(expected: int) -> RegistryFeedConflict:
    """Refuse a part at a wrong place; the fault tells the right one."""
    fault = Fault("", "expected_offset", str(expected))
    return RegistryFeedConflict(
        "registry_offset_mismatch", detail=f"Upload-Offset {expected} is expected", faults=(fault,)
    )
