"""What the delivery engine hands to a channel, and what it gets back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class Channel(StrEnum):
    """A road by which a message reaches a resident."""

    INBOX = "inbox"
    PUSH = "push"
    WEB_PUSH = "web_push"
    EMAIL = "email"
    SMS = "sms"


class Result(StrEnum):
    """What one send came to, before it is turned into a delivery state."""

    ACCEPTED = "accepted"
    """The provider took it."""
    FAILED = "failed"
    """The provider refused it for good; `reason` says why."""
    RETRY = "retry"
    """Not taken this time; try again, not before `retry_after_seconds`."""
    UNKNOWN = "unknown"
    """The answer was lost after the provider may have taken it."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where one delivery goes: a push token, a subscription, an address or a number.

    `id` is our key of it (told back when it is dead); `value` is personal data and never logged,
    so it does not show in the object's own text either.
    For Web Push, `value` is the endpoint URL and `keys` holds (p256dh, auth), base64url.
    """

    id: UUID
    value: str = field(repr=False)
    keys: tuple[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One delivery on one channel, ready to be sent.

    `message_id` names the message for the resident: it is the collapse key, so that a repeated
    send replaces itself. `reference` is unguessable and comes back in the provider's receipt.
    `unsubscribe_url` (https) is for e-mail that the resident may stop with one click (RFC 8058).
    """

    message_id: UUID
    reference: str = field(repr=False)
    endpoints: Sequence[Endpoint]
    title: str = field(repr=False)
    body: str = field(repr=False)
    link: str = field(repr=False)
    language: str
    expires_at: datetime
    urgent: bool
    unsubscribe_url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one `Outgoing`; the order of outcomes is that of the items.

    `reason` is a stable word of ours (see `reasons.py`), never the provider's text.
    `dead` lists the endpoints to be removed, whatever the result of the delivery.
    """

    result: Result
    reason: str = ""
    provider_ref: str = ""
    retry_after_seconds: float | None = None
    dead: tuple[UUID, ...] = ()


class Sender(Protocol):
    """A client of one provider; keeps its connections from `open` to `close`."""

    channel: Channel

    async def send(self, items: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Send all items with bounded concurrency; never raises for a single item's failure.

        Raises:
            Misconfigured: credentials or address are wrong; nothing else can be sent either.
        """
        ...

    async def close(self) -> None:
        """Close connections; a closed sender is not used again."""
        ...


class Misconfigured(Exception):
    """The provider refuses us, not a message: an alarm, and the chunk stays for later."""
