"""Identifiers: UUIDv7, so that rows written together stand together."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Make a new UUIDv7 (RFC 9562), ordered by time of making."""
    return uuid7()
