"""Which members a message of FCM HTTP v1 may have, and of which type.

Source: Firebase REST reference, `projects.messages` (November 2026). Google's JSON reads members
in snake_case and in camelCase alike; here they are written in snake_case.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """Types of members that hold no members of their own."""

    STRING = "TYPE_STRING"
    BOOL = "TYPE_BOOL"
    INTEGER = "TYPE_INT32"
    STRINGS = "repeated TYPE_STRING"
    STRING_MAP = "map of TYPE_STRING"
    DURATION = "type.googleapis.com/google.protobuf.Duration"
    DURATIONS = "repeated type.googleapis.com/google.protobuf.Duration"
    TIMESTAMP = "type.googleapis.com/google.protobuf.Timestamp"
    FREE = "type.googleapis.com/google.protobuf.Struct"


@dataclass(frozen=True, slots=True)
class Choice:
    """A member that is one of these words, in any case."""

    words: frozenset[str]


Members = Mapping[str, "Kind | Choice | Members"]

NOTIFICATION: Members = {"title": Kind.STRING, "body": Kind.STRING, "image": Kind.STRING}
OPTIONS: Members = {"analytics_label": Kind.STRING}
COLOUR: Members = dict.fromkeys(("red", "green", "blue", "alpha"), Kind.FREE)

ANDROID_NOTIFICATION: Members = {
    **dict.fromkeys(
        ("title", "body", "icon", "color", "sound", "tag", "click_action", "image"), Kind.STRING
    ),
    **dict.fromkeys(("body_loc_key", "title_loc_key", "channel_id", "ticker"), Kind.STRING),
    **dict.fromkeys(("body_loc_args", "title_loc_args"), Kind.STRINGS),
    **dict.fromkeys(("sticky", "local_only", "default_sound"), Kind.BOOL),
    **dict.fromkeys(("default_vibrate_timings", "default_light_settings"), Kind.BOOL),
    "event_time": Kind.TIMESTAMP,
    "notification_priority": Choice(
        frozenset(f"PRIORITY_{p}" for p in ("UNSPECIFIED", "MIN", "LOW", "DEFAULT", "HIGH", "MAX"))
    ),
    "vibrate_timings": Kind.DURATIONS,
    "visibility": Choice(frozenset({"VISIBILITY_UNSPECIFIED", "PRIVATE", "PUBLIC", "SECRET"})),
    "notification_count": Kind.INTEGER,
    "light_settings": {
        "color": COLOUR,
        "light_on_duration": Kind.DURATION,
        "light_off_duration": Kind.DURATION,
    },
    "bypass_proxy_notification": Kind.BOOL,
    "proxy": Choice(frozenset({"PROXY_UNSPECIFIED", "ALLOW", "DENY", "IF_PRIORITY_LOWERED"})),
}

ANDROID: Members = {
    "collapse_key": Kind.STRING,
    "priority": Choice(frozenset({"NORMAL", "HIGH"})),
    "ttl": Kind.DURATION,
    "restricted_package_name": Kind.STRING,
    "data": Kind.STRING_MAP,
    "notification": ANDROID_NOTIFICATION,
    "fcm_options": OPTIONS,
    "direct_boot_ok": Kind.BOOL,
    "bandwidth_constrained_ok": Kind.BOOL,
    "restricted_satellite_ok": Kind.BOOL,
}

APNS: Members = {
    "headers": Kind.STRING_MAP,
    "payload": Kind.FREE,
    "fcm_options": {"analytics_label": Kind.STRING, "image": Kind.STRING},
    "live_activity_token": Kind.STRING,
}

WEBPUSH: Members = {
    "headers": Kind.STRING_MAP,
    "data": Kind.STRING_MAP,
    "notification": Kind.FREE,
    "fcm_options": {"link": Kind.STRING, "analytics_label": Kind.STRING},
}

TARGETS = ("token", "fid", "topic", "condition")

MESSAGE: Members = {
    "name": Kind.STRING,
    "data": Kind.STRING_MAP,
    "notification": NOTIFICATION,
    "android": ANDROID,
    "webpush": WEBPUSH,
    "apns": APNS,
    "fcm_options": OPTIONS,
    **dict.fromkeys(TARGETS, Kind.STRING),
}

REQUEST: Members = {"message": MESSAGE, "validate_only": Kind.BOOL}
