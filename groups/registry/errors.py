"""Refusals of a whole feed."""

from collections.abc import Mapping
from typing import ClassVar

from backend.kernel.errors import DomainError, Kind, Text


class FeedRefused(DomainError):
    """The feed cannot be taken at all; nothing was changed."""

    kind = Kind.INVALID
    titles: ClassVar[Mapping[str, Text]] = {
        "feed_not_found": Text("Datu kopa nav atrasta", "The feed was not found"),
        "manifest_invalid": Text(
            "Datu kopas manifests nav derīgs", "The feed's manifest is not valid"
        ),
        "file_unreadable": Text(
            "Datu kopas fails nav izpakojams", "A file of the feed cannot be unpacked"
        ),
    }
