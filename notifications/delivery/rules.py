"""States of a delivery and the moves between them; lanes of the queue."""

from enum import IntEnum, StrEnum

from notifications.channels.ports import Channel


class DeliveryState(StrEnum):
    """Where one message on one channel stands; the values are public."""

    QUEUED = "queued"
    HELD = "held"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    OPENED = "opened"
    FAILED = "failed"
    EXPIRED = "expired"
    SUPPRESSED = "suppressed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


S = DeliveryState
STARTS = frozenset({S.QUEUED, S.HELD, S.SUPPRESSED, S.DELIVERED})
"""Where the planner puts a delivery; `delivered` at once is the inbox's own."""

MOVES: dict[DeliveryState, frozenset[DeliveryState]] = {
    S.QUEUED: frozenset({S.SENDING, S.CANCELLED}),
    S.HELD: frozenset({S.SENDING, S.CANCELLED}),
    S.SENDING: frozenset(
        {S.QUEUED, S.HELD, S.ACCEPTED, S.FAILED, S.EXPIRED, S.CANCELLED, S.UNKNOWN}
    ),
    S.ACCEPTED: frozenset({S.DELIVERED, S.OPENED, S.FAILED, S.EXPIRED}),
    S.UNKNOWN: frozenset({S.ACCEPTED, S.DELIVERED, S.OPENED, S.FAILED, S.EXPIRED}),
    S.DELIVERED: frozenset({S.OPENED}),
    S.OPENED: frozenset(),
    S.FAILED: frozenset(),
    S.EXPIRED: frozenset(),
    S.SUPPRESSED: frozenset(),
    S.CANCELLED: frozenset(),
}
"""Every allowed move; whatever else is reported (late, twice) changes nothing.

Nothing leaves the queue but through `sending`: whoever claims a chunk ends it, or puts it back.
"""


def may_move(current: DeliveryState, reported: DeliveryState) -> bool:
    """Whether a report moves a delivery on."""
    return reported in MOVES[current]


class Lane(IntEnum):
    """Queues in order of right of way; a worker always takes the lowest number first."""

    EMERGENCY = 0
    SINGLE = 1
    BULK = 2


REPEATABLE = frozenset({Channel.PUSH, Channel.WEB_PUSH, Channel.SMS})
"""Channels on which a send whose answer was lost is made again: the collapse key or the gateway's
reference makes the repeat replace itself. A mail would arrive twice, so it stays `unknown`."""

RETRY_SECONDS = (2, 10, 30, 60, 120, 300, 600, 1200, 1800)
"""Pauses before the n-th new try; the provider's own Retry-After wins when it is longer.
Source: FCM asks for exponential back-off and at most an hour in all; so do mail relays."""


def retry_pause(attempts: int, asked_seconds: float | None) -> float | None:
    """Give the pause in seconds before the next try, or None when there is to be none."""
    if attempts > len(RETRY_SECONDS):
        return None
    return max(float(RETRY_SECONDS[attempts - 1]), asked_seconds or 0.0)
