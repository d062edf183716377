"""Registry sources as staff registers and sees them."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta, Struct

from backend.kernel.signed_sources.schemas import (
    RotateSecret,
    SourceName,
    SourceSecret,
    SourceSwitched,
    SourceView,
    SwitchSource,
    source_view,
)
from groups.ingest.models import RegistrySource

Address = Annotated[str, Meta(description="What the system sends as the header `registry-source`.")]


class RegisterRegistrySource(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """Another system that is to send feeds."""

    name: SourceName


class RotateRegistrySourceSecret(RotateSecret, frozen=True):
    """How long requests signed with the present secret are still taken."""


class SwitchRegistrySource(SwitchSource, frozen=True):
    """Whether the source may send feeds."""


class RegistrySourceSecret(SourceSecret, frozen=True):
    """A source's new secret; it is never shown again."""

    source: Address


class RegistrySourceView(SourceView, frozen=True):
    """A system that may send feeds, unless it is stopped."""

    source: Address


class RegistrySourceListView(Struct, rename="camel", frozen=True):
    """Every source of the municipality, by name."""

    sources: list[RegistrySourceView]


class RegistrySourceSwitched(SourceSwitched, frozen=True):
    """Whether the source may send feeds from now on."""


def source_list_view(listed: Sequence[RegistrySource]) -> RegistrySourceListView:
    """Show sources."""
    return RegistrySourceListView([source_view(RegistrySourceView, source) for source in listed])
