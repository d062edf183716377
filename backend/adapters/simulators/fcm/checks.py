"""What must hold of a message beyond the types of its members.

Source: Firebase REST reference `projects.messages`; "About FCM messages" (sizes, reserved keys);
Apple "Sending notification requests to APNs" (headers).
"""

import re
from collections.abc import Iterator

from msgspec.json import encode

from backend.adapters.simulators.fcm.refusals import Violation
from backend.adapters.simulators.fcm.schema import TARGETS
from backend.adapters.simulators.objects import Json, is_object, member, text

LARGEST_BYTES = 4096
LARGEST_TOPIC_BYTES = 2048
LONGEST_TTL_SECONDS = 2_419_200
LONGEST_COLLAPSE_ID_BYTES = 64
_TOPIC = re.compile(r"[a-zA-Z0-9\-_.~%]{1,900}")
_RESERVED = re.compile(r"from|message_type|gcm(\..*)?|google(\..*)?|(gcm|google).*")


def violations(message: Json) -> Iterator[Violation]:
    """Say everything that is wrong with a message of the right shape."""
    yield from _target(message)
    yield from _data(message)
    yield from _android(member(message, "android"))
    yield from _apns(member(message, "apns"))
    yield from _size(message)


def ttl_seconds(message: Json) -> int | None:
    """Tell the Android time to live in whole seconds, when there is one."""
    ttl = text(member(message, "android"), "ttl")
    return int(float(ttl.removesuffix("s"))) if ttl else None


def _target(message: Json) -> Iterator[Violation]:
    given = [name for name in TARGETS if name in message]
    if not given:
        yield Violation("message", "Recipient of the message is not set.")
    elif len(given) > 1:
        yield Violation("message", f"oneof field 'target' is already set. Cannot set '{given[1]}'")
    if "topic" in message and not _TOPIC.fullmatch(text(message, "topic")):
        yield Violation("message.topic", "Invalid topic name")


def _data(message: Json) -> Iterator[Violation]:
    for key in {**member(message, "data"), **member(member(message, "android"), "data")}:
        if _RESERVED.fullmatch(key):
            yield Violation("message.data", f"Invalid data payload key: {key}")


def _android(android: Json) -> Iterator[Violation]:
    ttl = text(android, "ttl")
    if ttl and float(ttl.removesuffix("s")) > LONGEST_TTL_SECONDS:
        yield Violation("message.android.ttl", "Invalid ttl duration: at most 4 weeks")


def _apns(apns: Json) -> Iterator[Violation]:
    headers = {name.lower(): value for name, value in member(apns, "headers").items()}
    collapse_id = text(headers, "apns-collapse-id")
    if len(collapse_id.encode()) > LONGEST_COLLAPSE_ID_BYTES:
        yield Violation("message.apns.headers", "apns-collapse-id is longer than 64 bytes")
    if "apns-priority" in headers and headers["apns-priority"] not in {"1", "5", "10"}:
        yield Violation("message.apns.headers", "apns-priority is 1, 5 or 10")
    if "apns-expiration" in headers and not text(headers, "apns-expiration").isdecimal():
        yield Violation("message.apns.headers", "apns-expiration is a Unix time in seconds")
    if "payload" in apns and not is_object(apns["payload"]):
        yield Violation("message.apns.payload", "Invalid value at 'message.apns.payload'")
    elif "aps" in member(apns, "payload") and not is_object(member(apns, "payload")["aps"]):
        yield Violation("message.apns.payload", "aps is a dictionary")


def _size(message: Json) -> Iterator[Violation]:
    limit = LARGEST_TOPIC_BYTES if "topic" in message else LARGEST_BYTES
    if _android_bytes(message) > limit:
        yield Violation("message", f"Android message is too big: at most {limit} bytes")
    if _apns_bytes(message) > limit:
        yield Violation("message", f"APNs payload is too big: at most {limit} bytes")


def _android_bytes(message: Json) -> int:
    android = member(message, "android")
    strings: dict[str, object] = {**member(message, "data"), **member(android, "data")}
    shown = {**member(message, "notification"), **member(android, "notification")}
    return sum(
        len(name.encode()) + len(value.encode() if isinstance(value, str) else encode(value))
        for part in (strings, shown)
        for name, value in part.items()
    )


def _apns_bytes(message: Json) -> int:
    payload = member(member(message, "apns"), "payload")
    alert = member(message, "notification")
    aps = {"alert": alert, **member(payload, "aps")} if alert else member(payload, "aps")
    return len(encode({**member(message, "data"), **payload, "aps": aps}))
