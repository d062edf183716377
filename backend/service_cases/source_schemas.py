"""Status sources as administrators register and see them."""

from collections.abc import Sequence

from msgspec import Struct

from backend.kernel.cloud_events import SourceUri
from backend.kernel.signed_sources.schemas import (
    RotateSecret,
    SourceName,
    SourceSecret,
    SourceSwitched,
    SourceView,
    SwitchSource,
    source_view,
)
from backend.service_cases.models import StatusSource


class RegisterStatusSource(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """Another system that is to tell statuses."""

    source: SourceUri
    name: SourceName


class RotateStatusSourceSecret(RotateSecret, frozen=True):
    """How long messages signed with the present secret are still taken."""


class SwitchStatusSource(SwitchSource, frozen=True):
    """Whether the source may tell statuses."""


class StatusSourceSecret(SourceSecret, frozen=True):
    """A source's new secret; it is never shown again."""


class StatusSourceView(SourceView, frozen=True):
    """A source, and how many of its accepted events have no case yet."""

    unmatched_events: int


class StatusSourceListView(Struct, rename="camel", frozen=True):
    """Every source of the municipality, by name."""

    sources: list[StatusSourceView]


class StatusSourceSwitched(SourceSwitched, frozen=True):
    """Whether the source may tell statuses from now on."""


def source_list_view(listed: Sequence[tuple[StatusSource, int]]) -> StatusSourceListView:
    """Show sources with their counts of unmatched events."""
    return StatusSourceListView(
        [source_view(StatusSourceView, source, unmatched) for source, unmatched in listed]
    )
