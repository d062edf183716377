"""Signed sources as staff registers and sees them; each kind shows them under names of its own."""

from datetime import datetime, timedelta
from typing import Annotated, TypeVar
from uuid import UUID

from msgspec import Meta, Struct

from backend.kernel.patterns import LINE
from backend.kernel.signed_sources.models import SignedSource
from backend.kernel.signed_sources.service import Registered

SourceName = Annotated[str, Meta(min_length=1, max_length=100, pattern=LINE)]


class RotateSecret(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """How long what is signed with the present secret is still taken."""

    previous_valid_hours: Annotated[
        int, Meta(ge=0, le=720, description="0 stops it at once (the secret has leaked).")
    ] = 72

    @property
    def overlap(self) -> timedelta:
        """Tell for how long both secrets count."""
        return timedelta(hours=self.previous_valid_hours)


class SwitchSource(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """Whether the source may send."""

    enabled: bool


class SourceSwitched(Struct, rename="camel", frozen=True):
    """Whether the source may send from now on."""

    id: UUID
    enabled: bool


class SourceSecret(Struct, rename="camel", frozen=True):
    """A source's new secret; it is never shown again."""

    id: UUID
    source: str
    name: str
    secret: Annotated[
        str, Meta(description="Standard Webhooks secret: `whsec_` and base64 of 32 bytes.")
    ]
    previous_secret_until: datetime | None


class SourceView(Struct, rename="camel", frozen=True):
    """A source, without its secrets."""

    id: UUID
    source: str
    name: str
    enabled: bool
    created_at: datetime
    previous_secret_until: datetime | None


Secret = TypeVar("Secret", bound=SourceSecret)
View = TypeVar("View", bound=SourceView)


def secret_view(form: type[Secret], registered: Registered) -> Secret:
    """Show the secret once."""
    source = registered.source
    return form(source.id, source.address, source.name, registered.secret, source.previous_until)


def source_view(form: type[View], source: SignedSource, *more: object) -> View:
    """Show a source; `more` are what its kind shows besides."""
    return form(
        source.id,
        source.address,
        source.name,
        source.enabled,
        source.created_at,
        source.previous_until,
        *more,
    )
