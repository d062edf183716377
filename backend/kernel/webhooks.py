"""Standard Webhooks 1.0: messages between systems, signed with a shared secret.

Source: standard-webhooks/standard-webhooks, spec/standard-webhooks.md, version 1.0.0.
"""

import base64
import binascii
import hmac
import secrets as randomness
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from backend.kernel.errors import DomainError, Kind, Text

PREFIX = "whsec_"
VERSION = "v1"
SECRET_BYTES, SHORTEST_SECRET_BYTES, LONGEST_SECRET_BYTES = 32, 24, 64
TOLERANCE = timedelta(minutes=5)
"""How far a message's timestamp may lie from the present, either way."""

LONGEST_TIMESTAMP = 12
"""Digits of a Unix time in seconds; more cannot be a date."""

LONGEST_ID = 200


class WebhookRefused(DomainError):
    """A message from another system cannot be trusted; nothing of it was taken."""

    kind = Kind.UNAUTHENTICATED
    titles: ClassVar[Mapping[str, Text]] = {
        "webhook_unsigned": Text(
            lv="Trūkst galvenes webhook-id, webhook-timestamp vai webhook-signature",
            en="The header webhook-id, webhook-timestamp or webhook-signature is missing",
        ),
        "webhook_timestamp_outside_tolerance": Text(
            lv="Galvenes webhook-timestamp laiks atšķiras vairāk nekā par 5 minūtēm",
            en="The time in webhook-timestamp differs by more than 5 minutes",
        ),
        "webhook_signature_invalid": Text(
            lv="Avots nav zināms vai paraksts neatbilst",
            en="The source is not known or the signature does not match",
        ),
    }


@dataclass(frozen=True, slots=True)
class SignedMessage:
    """A message as it arrived: the three headers (empty when missing) and the raw body."""

    id: str
    timestamp: str
    signatures: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Secrets:
    """A sender's signing secrets: the current one, and the one before it while it still counts."""

    current: str
    previous: str | None
    previous_until: datetime | None

    def valid_at(self, now: datetime) -> tuple[str, ...]:
        """List the secrets that a message may be signed with at `now`."""
        if self.previous is None or self.previous_until is None or now >= self.previous_until:
            return (self.current,)
        return (self.current, self.previous)

    def rotated(self, fresh: str, *, now: datetime, overlap: timedelta) -> "Secrets":
        """Put a fresh secret first; the current one counts for `overlap` longer."""
        if not overlap:
            return Secrets(fresh, None, None)
        return Secrets(fresh, self.current, now + overlap)


def new_secret() -> str:
    """Make a secret of 32 random bytes, in the form that both sides keep."""
    return PREFIX + base64.b64encode(randomness.token_bytes(SECRET_BYTES)).decode()


def sign(secret: str, message_id: str, at: datetime, body: bytes) -> str:
    """Give the signature (`v1,...`) of a message sent at an aware instant `at`.

    Raises:
        ValueError: the secret is not `whsec_` and 24 to 64 bytes in base64.
    """
    return _signature(_key(secret), message_id, _unix(at), body)


def signed_headers(
    message_id: str, at: datetime, body: bytes, secrets: Sequence[str]
) -> dict[str, str]:
    """Give the headers of a message; while a secret is rotated it is signed with both."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": _unix(at),
        "webhook-signature": " ".join(sign(secret, message_id, at, body) for secret in secrets),
    }


def check_freshness(message: SignedMessage, now: datetime) -> None:
    """Refuse a message without its headers, or one sent too long ago or ahead.

    Raises:
        WebhookRefused: `webhook_unsigned` or `webhook_timestamp_outside_tolerance`.
    """
    if not (message.id and message.timestamp and message.signatures):
        raise WebhookRefused("webhook_unsigned")
    text = message.timestamp
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_TIMESTAMP):
        raise WebhookRefused("webhook_timestamp_outside_tolerance")
    if abs(int(text) - now.timestamp()) > TOLERANCE.total_seconds():
        raise WebhookRefused("webhook_timestamp_outside_tolerance")


def check_signature(message: SignedMessage, secrets: Sequence[str]) -> None:
    """Refuse a message that none of the secrets has signed; compared in constant time.

    Signatures of other versions are passed over, as the specification asks.

    Raises:
        WebhookRefused: `webhook_signature_invalid`.
    """
    if not message.id.isascii() or len(message.id) > LONGEST_ID:
        raise WebhookRefused("webhook_signature_invalid")
    given = [signature.encode() for signature in message.signatures.split()]
    matches = 0
    for secret in secrets:
        expected = _signature(_key(secret), message.id, message.timestamp, message.body).encode()
        matches += sum(hmac.compare_digest(expected, one) for one in given)
    if not matches:
        raise WebhookRefused("webhook_signature_invalid")


def _signature(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    content = f"{message_id}.{timestamp}.".encode() + body
    return f"{VERSION},{base64.b64encode(hmac.digest(key, content, 'sha256')).decode()}"


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("the webhook secret is not base64") from error
    if not SHORTEST_SECRET_BYTES <= len(key) <= LONGEST_SECRET_BYTES:
        raise ValueError("the webhook secret does not have 24 to 64 bytes")
    return key


def _unix(at: datetime) -> str:
    return str(int(at.astimezone(UTC).timestamp()))
