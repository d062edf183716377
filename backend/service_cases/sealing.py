"""How the parts of cases that only their people may read are kept: encrypted."""

import msgspec

from backend.kernel.errors import Text
from backend.kernel.personal_data import Vault
from backend.service_cases.rules import StatusEvent

NOTE = "status_event.note"
EVENT = "unmatched_status_event.event"
FINGERPRINT = "status_event.fingerprint"


def seal_note(vault: Vault, note: Text | None) -> bytes | None:
    """Encrypt what the source wrote to the resident, if it wrote anything."""
    return None if note is None else vault.seal(msgspec.json.encode(note).decode(), label=NOTE)


def open_note(vault: Vault, sealed: bytes | None) -> Text | None:
    """Decrypt what the source wrote to the resident, if it wrote anything."""
    if sealed is None:
        return None
    return msgspec.json.decode(vault.open(sealed, label=NOTE), type=Text)


def seal_event(vault: Vault, event: StatusEvent) -> bytes:
    """Encrypt a whole event."""
    return vault.seal(msgspec.json.encode(event).decode(), label=EVENT)


def open_event(vault: Vault, sealed: bytes) -> StatusEvent:
    """Decrypt a whole event."""
    return msgspec.json.decode(vault.open(sealed, label=EVENT), type=StatusEvent)


def fingerprint(vault: Vault, event: StatusEvent) -> bytes:
    """Give the keyed digest of an event's content."""
    return vault.digest(msgspec.json.encode(event).decode(), label=FINGERPRINT)
