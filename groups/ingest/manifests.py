"""The manifest that opens a feed over HTTP."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from backend.kernel.cloud_events import read
from backend.kernel.errors import Fault, InvalidInput
from backend.kernel.patterns import TERRITORY_CODE
from groups.ingest.rules import FORMAT, MOST_FEED_BYTES, Announced, FeedFile, subject_of
from groups.registry.feed.files import FILES

KNOWN = frozenset(feed.subject for feed in FILES)


class FileAnnounced(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """One file that will be sent."""

    name: Annotated[
        str,
        Meta(
            max_length=64,
            description="As in the feed's format, or with `.ndjson`; with `.gz` behind for gzip.",
            examples=["residents.csv.gz"],
        ),
    ]
    bytes: Annotated[int, Meta(ge=0, description="As sent.")]
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)", description="Of what is sent.")]
    rows: Annotated[int, Meta(ge=0, description="Without the header.")] | None = None


class RegistryManifest(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """Whose registry it is, when it was produced, of what form, and what will be sent."""

    municipality: Annotated[str, Meta(pattern=TERRITORY_CODE)]
    produced_at: Annotated[datetime, Meta(tz=True)]
    format: Literal["novads-registry-feed/1"]
    form: Literal["full", "delta"]
    files: Annotated[list[FileAnnounced], Meta(min_length=1, max_length=32)]


def read_manifest(body: bytes) -> RegistryManifest:
    """Read the manifest of a feed.

    Raises:
        InvalidInput: not of the form, or with files that cannot be taken; faults have pointers.
    """
    manifest = read(body, RegistryManifest)
    faults = [*_file_faults(manifest)]
    if sum(file.bytes for file in manifest.files) > MOST_FEED_BYTES:
        faults.append(Fault("/files", "too_large", f"More than {MOST_FEED_BYTES} bytes together"))
    if faults:
        raise InvalidInput(faults=tuple(faults))
    return manifest


def kept(manifest: RegistryManifest) -> dict[str, Any]:
    """Write a manifest in the one form that it is kept and compared in: instants in UTC."""
    utc = msgspec.structs.replace(manifest, produced_at=manifest.produced_at.astimezone(UTC))
    whole: dict[str, Any] = msgspec.to_builtins(utc)
    return whole


def announced(manifest: Mapping[str, Any]) -> Announced:
    """Read a manifest as it is kept."""
    form = msgspec.convert(manifest, RegistryManifest)
    files = tuple(FeedFile(one.name, one.bytes, one.sha256, one.rows) for one in form.files)
    return Announced(form.produced_at, form.form, files)


def imported_manifest(manifest: Mapping[str, Any]) -> bytes:
    """Write the `manifest.json` that the import reads."""
    form = msgspec.convert(manifest, RegistryManifest)
    document = {
        "municipality": form.municipality,
        "produced_at": form.produced_at,
        "format": FORMAT,
        "form": form.form,
    }
    return msgspec.json.encode(document)


def _file_faults(manifest: RegistryManifest) -> list[Fault]:
    faults: list[Fault] = []
    seen: set[str] = set()
    for place, file in enumerate(manifest.files):
        subject = subject_of(file.name)
        if subject is None or subject not in KNOWN:
            faults.append(Fault(f"/files/{place}/name", "file_unknown", "Not a file of the format"))
        elif subject in seen:
            faults.append(Fault(f"/files/{place}/name", "file_repeated", f"Another {subject}"))
        seen.add(subject or "")
    return faults
