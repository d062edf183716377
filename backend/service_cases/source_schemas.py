"""Status sources as administrators register and see them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from backend.kernel.cloud_events import SourceUri
from backend.kernel.patterns import LINE
from backend.service_cases.models import StatusSource
from backend.service_cases.sources import Registered


class RegisterStatusSource(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """Another system that is to tell statuses."""

    source: SourceUri
    name: Annotated[str, Meta(min_length=1, max_length=100, pattern=LINE)]


class RotateStatusSourceSecret(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """How long messages signed with the present secret are still taken."""

    previous_valid_hours: Annotated[
        int, Meta(ge=0, le=720, description="0 stops it at once (the secret has leaked).")
    ] = 72


class SwitchStatusSource(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """Whether the source may tell statuses."""

    enabled: bool


class StatusSourceSecret(Struct, rename="camel", frozen=True):
    """A source's new secret; it is never shown again."""

    id: UUID
    source: str
    name: str
    secret: Annotated[
        str, Meta(description="Standard Webhooks secret: `whsec_` and base64 of 32 bytes.")
    ]
    previous_secret_until: datetime | None


class StatusSourceView(Struct, rename="camel", frozen=True):
    """A source, and how many of its accepted events have no case yet."""

    id: UUID
    source: str
    name: str
    enabled: bool
    created_at: datetime
    previous_secret_until: datetime | None
    unmatched_events: int


class StatusSourceListView(Struct, rename="camel", frozen=True):
    """Every source of the municipality, by name."""

    sources: list[StatusSourceView]


class StatusSourceSwitched(Struct, rename="camel", frozen=True):
    """Whether the source may tell statuses from now on."""

    id: UUID
    enabled: bool


def secret_view(registered: Registered) -> StatusSourceSecret:
    """Show the secret once."""
    source = registered.source
    return StatusSourceSecret(
        source.id, source.source_uri, source.name, registered.secret, source.previous_until
    )


def source_list_view(listed: Sequence[tuple[StatusSource, int]]) -> StatusSourceListView:
    """Show sources with their counts of unmatched events."""
    return StatusSourceListView([_source_view(source, count) for source, count in listed])


def _source_view(source: StatusSource, unmatched: int) -> StatusSourceView:
    return StatusSourceView(
        id=source.id,
        source=source.source_uri,
        name=source.name,
        enabled=source.enabled,
        created_at=source.created_at,
        previous_secret_until=source.previous_until,
        unmatched_events=unmatched,
    )
