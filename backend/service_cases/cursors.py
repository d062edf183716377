"""The place in a list of cases where its next page begins, as an opaque text."""

import base64
import binascii
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from typing_extensions import override

from backend.kernel.errors import Fault, InvalidInput


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the order by last change and id."""

    updated_at: datetime
    id: UUID

    @override
    def __str__(self) -> str:
        """Write the place as text that a client gives back as it is."""
        plain = f"{self.updated_at.isoformat()} {self.id.hex}"
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read_cursor(text: str) -> Cursor:
    """Read a place that we wrote.

    Raises:
        InvalidInput: it is not one of ours.
    """
    try:
        padded = text + "=" * (-len(text) % 4)
        moment, _, identity = base64.b64decode(padded, b"-_", validate=True).decode().partition(" ")
        return Cursor(datetime.fromisoformat(moment).astimezone(UTC), UUID(hex=identity))
    except (binascii.Error, ValueError, OverflowError) as error:
        fault = Fault("/before", "invalid_value", "Not a cursor of this list")
        raise InvalidInput(faults=(fault,)) from error
