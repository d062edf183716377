"""The manifest of a feed: whose it is, of what form, and when it was produced."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from backend.kernel.tenancy import MunicipalityId
from backend.kernel.territories.register import municipality_in_force
from groups.registry.errors import FeedRefused
from groups.registry.feed.files import MANIFEST


class ManifestDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The manifest as it stands in `manifest.json`."""

    municipality: str
    produced_at: datetime
    format: Literal["novads-registry-feed/1"]
    form: Literal["full", "delta"]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the manifest says, checked."""

    municipality: MunicipalityId
    zone: ZoneInfo
    produced_at: datetime
    is_delta: bool = False


def read_manifest(directory: Path) -> Manifest:
    """Read the manifest of the feed in a directory.

    Raises:
        FeedRefused: missing, not of the format, not a municipality in force on that day.
    """
    try:
        text = (directory / MANIFEST).read_bytes().removeprefix(b"\xef\xbb\xbf")
        document = msgspec.json.decode(text, type=ManifestDocument)
    except FileNotFoundError:
        raise FeedRefused("feed_not_found", detail=f"{directory} has no {MANIFEST}") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise FeedRefused("manifest_invalid", detail=f"{MANIFEST}: {error}") from None
    if document.produced_at.tzinfo is None:
        raise FeedRefused(
            "manifest_invalid", detail=f"{MANIFEST}: `produced_at` must name its offset from UTC"
        )
    try:
        found = municipality_in_force(document.municipality, document.produced_at)
    except OverflowError:  # a day that the municipality's zone does not have
        found = None
    if found is None:
        raise FeedRefused(
            "manifest_invalid",
            detail=f"{MANIFEST}: `municipality` is not the code of one in force on that day",
        )
    return Manifest(found.id, found.zone, document.produced_at, document.form == "delta")


def feed_municipality(directory: Path) -> MunicipalityId:
    """Tell whose feed lies in a directory.

    Raises:
        FeedRefused: as `read_manifest`.
    """
    return read_manifest(directory).municipality
