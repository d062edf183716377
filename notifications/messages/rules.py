"""Message classes and what each allows on a channel; no clock, no SQL, no HTTP."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from notifications.channels.ports import Channel


class MessageClass(StrEnum):
    """The class of a message decides channels, quiet hours and what an opt-out stops."""

    OFFICIAL = "official"
    ALERT = "alert"
    SERVICE = "service"
    CIVIC = "civic"
    COMMERCIAL = "commercial"


class Severity(StrEnum):
    """How grave an alert is (the CAP 1.2 words without Unknown)."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"


class Suppression(StrEnum):
    """Why a delivery is not made; the values are public."""

    CLASS_POLICY = "class_policy"
    OPTED_OUT = "opted_out"
    NO_ADDRESS = "no_address"


OUTSIDE = (Channel.PUSH, Channel.WEB_PUSH, Channel.EMAIL, Channel.SMS)
"""The channels that lead out of the app's inbox, in order of cost."""

GRAVE = frozenset({Severity.EXTREME, Severity.SEVERE})


@dataclass(frozen=True, slots=True)
class Kind:
    """What one sending is: its class, the severity of an alert, and the channels it may use."""

    message_class: MessageClass
    severity: Severity | None
    channels: frozenset[Channel]

    @property
    def is_urgent(self) -> bool:
        """Whether it passes quiet hours, preferences and the queue: a grave alert."""
        return self.message_class is MessageClass.ALERT and self.severity in GRAVE


def suppression(
    kind: Kind, channel: Channel, chosen: Collection[Channel] | None, *, has_address: bool
) -> Suppression | None:
    """Name the first reason not to deliver on `channel` (one of the sending's own), or None.

    `chosen` is what the resident allows for the topic; None stands for no choice made.
    Source: the table of message classes; an opt-out stops nothing for official messages and
    grave alerts.
    """
    if kind.message_class is MessageClass.COMMERCIAL:
        return Suppression.CLASS_POLICY
    binding = kind.is_urgent or kind.message_class is MessageClass.OFFICIAL
    if not binding and chosen is not None and channel not in chosen:
        return Suppression.OPTED_OUT
    return None if has_address else Suppression.NO_ADDRESS


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When messages that are not urgent wait: from `begins` until `ends`, local time.

    The interval may cross midnight; equal times mean that there are no quiet hours.
    """

    begins: time
    ends: time


def release_at(kind: Kind, now: datetime, zone: ZoneInfo, quiet: QuietHours) -> datetime:
    """Tell when deliveries may leave: now, or the end of the quiet hours (aware UTC)."""
    if kind.is_urgent or not is_quiet(now.astimezone(zone).time(), quiet):
        return now
    local = now.astimezone(zone)
    day = local.date() if local.time() < quiet.ends else local.date() + timedelta(days=1)
    return datetime.combine(day, quiet.ends, tzinfo=zone).astimezone(now.tzinfo)


def is_quiet(local: time, quiet: QuietHours) -> bool:
    """Whether a local wall-clock time lies in the quiet hours (end exclusive)."""
    if quiet.begins <= quiet.ends:
        return quiet.begins <= local < quiet.ends
    return local >= quiet.begins or local < quiet.ends
