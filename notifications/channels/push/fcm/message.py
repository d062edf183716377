"""An FCM message: what the phone shows, what the app reads, and how repeats collapse."""

from datetime import datetime

from firebase_admin import messaging

from notifications.channels.ports import Outgoing
from notifications.channels.shortening import json_bytes, shortened

TEXT_LIMIT_BYTES = 3_000
"""Of the payload's 4,096 bytes, what title and text may take; the inbox holds the whole text."""
LONGEST_TTL_SECONDS = 2_419_200.0
"""Four weeks. Source: FCM documentation, lifetime of a message."""


def fcm_message(item: Outgoing, token: str, *, now: datetime) -> messaging.Message:
    """Write `item` for the device with this registration token."""
    message_id = str(item.message_id)
    title = shortened(item.title, TEXT_LIMIT_BYTES // 3)
    message = messaging.Message(
        notification=messaging.Notification(
            title=title, body=shortened(item.body, TEXT_LIMIT_BYTES - json_bytes(title))
        ),
        data={"messageId": message_id, "link": item.link},
        android=_android(item, message_id, now),
        apns=_apns(item, message_id),
    )
    # Not in the constructor: the SDK warns there, in favour of Firebase installation ids. Devices
    # register by token as yet.
    message.token = token
    return message


def _android(item: Outgoing, message_id: str, now: datetime) -> messaging.AndroidConfig:
    """Say for how long the message is worth delivering, and let a repeat replace it."""
    ttl_seconds = min(max((item.expires_at - now).total_seconds(), 0.0), LONGEST_TTL_SECONDS)
    return messaging.AndroidConfig(
        collapse_key=message_id,
        priority="high" if item.urgent else "normal",
        ttl=float(int(ttl_seconds)),
        notification=messaging.AndroidNotification(tag=message_id),
    )


def _apns(item: Outgoing, message_id: str) -> messaging.APNSConfig:
    """Say the same to Apple's service; only an urgent message makes a sound there."""
    return messaging.APNSConfig(
        headers={
            "apns-collapse-id": message_id,
            "apns-expiration": str(int(item.expires_at.timestamp())),
            "apns-priority": "10" if item.urgent else "5",
        },
        payload=messaging.APNSPayload(messaging.Aps(sound="default")) if item.urgent else None,
    )
