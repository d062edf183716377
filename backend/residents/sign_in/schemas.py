"""What a resident gets on signing in."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct


class ResidentSession(Struct, rename="camel", frozen=True):
    """A new session; `token` is the bearer token and is shown only here."""

    token: str
    expires_at: datetime
    resident_id: UUID
