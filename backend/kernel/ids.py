"""Identifiers: UUIDv7, so that rows written together stand together."""

from uuid import UUID

from uuid_utils import uuid7 as native_uuid7
from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Make a new UUIDv7 (RFC 9562), ordered by time of making."""
    return uuid7()


def new_id_texts(count: int) -> list[str]:
    """Make many new UUIDv7 as texts, for rows that are copied as text."""
    return [str(native_uuid7()) for _ in range(count)]
