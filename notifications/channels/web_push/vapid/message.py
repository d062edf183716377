"""A Web Push message: the payload for the service worker, encrypted, and its headers."""

import base64
from datetime import datetime
from uuid import UUID

import msgspec
from pywebpush import WebPusher, WebPushException

from notifications.channels.ports import Outgoing
from notifications.channels.shortening import json_bytes, shortened

TEXT_LIMIT_BYTES = 2_000
"""Of title and text. FCM-bridged services take about 2,744 bytes in all, and JSON escapes quotes."""
LONGEST_TTL_SECONDS = 2_419_200
"""Four weeks: what the large push services keep at most."""


class Payload(msgspec.Struct, rename="camel", frozen=True):
    """What the service worker gets."""

    message_id: str
    title: str
    body: str
    link: str
    lang: str


def payload(item: Outgoing) -> bytes:
    """Write the payload as JSON; a long text is cut, the inbox holds the whole one."""
    title = shortened(item.title, TEXT_LIMIT_BYTES // 3)
    body = shortened(item.body, TEXT_LIMIT_BYTES - json_bytes(title))
    return msgspec.json.encode(
        Payload(
            message_id=str(item.message_id),
            title=title,
            body=body,
            link=item.link,
            lang=item.language,
        )
    )


def topic(message_id: UUID) -> str:
    """Name the message so that a repeat replaces it: 22 characters of base64url, of 32 allowed."""
    return base64.urlsafe_b64encode(message_id.bytes).rstrip(b"=").decode()


def headers(item: Outgoing, authorization: str, *, now: datetime) -> dict[str, str]:
    """Write the request's headers (RFC 8030, 8188, 8292)."""
    ttl_seconds = int((item.expires_at - now).total_seconds())
    return {
        "Authorization": authorization,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(min(max(ttl_seconds, 0), LONGEST_TTL_SECONDS)),
        "Topic": topic(item.message_id),
        "Urgency": "high" if item.urgent else "normal",
    }


class BadKeys(Exception):
    """The subscription's keys are not keys."""


def encrypted(plain: bytes, endpoint: str, keys: tuple[str, str]) -> bytes:
    """Encrypt for one subscription with a fresh key pair (RFC 8291).

    Raises:
        BadKeys: nothing can be encrypted for this subscription, now or later.
    """
    p256dh, auth = keys
    try:
        pusher = WebPusher({"endpoint": endpoint, "keys": {"p256dh": p256dh, "auth": auth}})
        return pusher.encode(plain)["body"]
    except (ValueError, IndexError, WebPushException):
        raise BadKeys from None
