"""Registry sources as staff registers and sees them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from backend.kernel.patterns import LINE
from groups.ingest.models import RegistrySource
from groups.ingest.sources import Registered, address_of

Address = Annotated[str, Meta(description="What the system sends as the header `registry-source`.")]


class RegisterRegistrySource(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """Another system that is to send feeds."""

    name: Annotated[str, Meta(min_length=1, max_length=100, pattern=LINE)]


class RotateRegistrySourceSecret(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """How long requests signed with the present secret are still taken."""

    previous_valid_hours: Annotated[
        int, Meta(ge=0, le=720, description="0 stops it at once (the secret has leaked).")
    ] = 72


class SwitchRegistrySource(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """Whether the source may send feeds."""

    enabled: bool


class RegistrySourceSecret(Struct, rename="camel", frozen=True):
    """A source's new secret; it is never shown again."""

    id: UUID
    source: Address
    name: str
    secret: Annotated[
        str, Meta(description="Standard Webhooks secret: `whsec_` and base64 of 32 bytes.")
    ]
    previous_secret_until: datetime | None


class RegistrySourceView(Struct, rename="camel", frozen=True):
    """A system that may send feeds, unless it is stopped."""

    id: UUID
    source: Address
    name: str
    enabled: bool
    created_at: datetime
    previous_secret_until: datetime | None


class RegistrySourceListView(Struct, rename="camel", frozen=True):
    """Every source of the municipality, by name."""

    sources: list[RegistrySourceView]


class RegistrySourceSwitched(Struct, rename="camel", frozen=True):
    """Whether the source may send feeds from now on."""

    id: UUID
    enabled: bool


def secret_view(registered: Registered) -> RegistrySourceSecret:
    """Show the secret once."""
    source = registered.source
    return RegistrySourceSecret(
        source.id, address_of(source), source.name, registered.secret, source.previous_until
    )


def source_list_view(listed: Sequence[RegistrySource]) -> RegistrySourceListView:
    """Show sources."""
    return RegistrySourceListView([_source_view(source) for source in listed])


def _source_view(source: RegistrySource) -> RegistrySourceView:
    return RegistrySourceView(
        id=source.id,
        source=address_of(source),
        name=source.name,
        enabled=source.enabled,
        created_at=source.created_at,
        previous_secret_until=source.previous_until,
    )
