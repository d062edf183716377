"""What a channel's outcomes come to: results, what is tried again, what is counted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from notifications.channels.ports import Channel, Outcome, Result
from notifications.channels.reasons import Reason
from notifications.delivery.content import Content
from notifications.delivery.queries import Claim, NewChunk
from notifications.delivery.results import ResultRow
from notifications.delivery.rules import (
    REPEATABLE,
    RETRY_SECONDS,
    DeliveryState,
    retry_pause,
)

GAVE_UP = "gave_up"
NO_ADDRESS = "no_address"
STATE_OF = {Result.ACCEPTED: DeliveryState.ACCEPTED, Result.FAILED: DeliveryState.FAILED}


@dataclass(slots=True)
class Settled:
    """A chunk's outcome, ready to be written; `again` pairs an ordinal with its pause in seconds."""

    rows: list[ResultRow] = field(default_factory=list[ResultRow])
    again: list[tuple[int, float]] = field(default_factory=list[tuple[int, float]])
    dead: list[UUID] = field(default_factory=list[UUID])

    def retry_chunks(self, claim: Claim, now: datetime, expires_at: datetime) -> list[NewChunk]:
        """Make the chunks of those to be tried again, those with like pauses together.

        One that has to wait for an hour must not keep the others. Nobody waits beyond the expiry.
        """
        alike: dict[int, list[tuple[int, float]]] = {}
        for ordinal, pause in self.again:
            alike.setdefault(int(pause).bit_length(), []).append((ordinal, pause))
        return [
            NewChunk(
                channel=claim.channel,
                lane=claim.lane,
                run_at=min(now + timedelta(seconds=max(p for _, p in waiting)), expires_at),
                planned_as=DeliveryState.QUEUED,
                ordinals=[ordinal for ordinal, _ in waiting],
                tries=claim.tries + 1,
            )
            for waiting in alike.values()
        ]

    def without_retries(self, claim: Claim) -> "Settled":
        """Let those who would be tried again end as cancelled."""
        ended = [
            ResultRow(claim.channel, ordinal, DeliveryState.CANCELLED) for ordinal, _ in self.again
        ]
        return Settled(rows=[*self.rows, *ended], dead=self.dead)

    def moves(self, claim: Claim) -> Counter[tuple[Channel, DeliveryState]]:
        """Count what changes in the dispatch's counters; who is tried again is held no longer."""
        moves = Counter((claim.channel, row.state) for row in self.rows)
        moves[claim.channel, claim.planned_as] -= len(self.rows) + len(self.again)
        moves[claim.channel, DeliveryState.QUEUED] += len(self.again)
        return moves


def settle(
    claim: Claim, ordinals: Sequence[int], outcomes: Sequence[Outcome], *, urgent: bool
) -> Settled:
    """Decide on each outcome: done, failed, or to be tried again.

    A lost answer (`unknown`) is sent again where a repeat replaces itself, or when it is urgent;
    else it stays `unknown`, because a second mail is worse than a doubtful one.
    """
    settled = Settled()
    pause = retry_pause(claim.tries + 1, None)
    for ordinal, outcome in zip(ordinals, outcomes, strict=True):
        settled.dead.extend(outcome.dead)
        repeat = outcome.result is Result.RETRY or (
            outcome.result is Result.UNKNOWN and (urgent or claim.channel in REPEATABLE)
        )
        if repeat and pause is not None:
            wanted = max(pause, outcome.retry_after_seconds or 0.0)
            settled.again.append((ordinal, wanted))
        else:
            settled.rows.append(_final(claim.channel, ordinal, outcome))
    return settled


def _final(channel: Channel, ordinal: int, outcome: Outcome) -> ResultRow:
    if outcome.result is Result.UNKNOWN:
        return ResultRow(channel, ordinal, DeliveryState.UNKNOWN, outcome.reason)
    if outcome.result is Result.RETRY:
        return ResultRow(channel, ordinal, DeliveryState.FAILED, outcome.reason or GAVE_UP)
    state = STATE_OF[outcome.result]
    if outcome.reason == Reason.EXPIRED:
        state = DeliveryState.EXPIRED
    return ResultRow(channel, ordinal, state, outcome.reason, outcome.provider_ref)


def without_address(claim: Claim, ordinals: Sequence[int]) -> list[ResultRow]:
    """Fail those who lost their last address between planning and sending."""
    return [
        ResultRow(claim.channel, ordinal, DeliveryState.FAILED, NO_ADDRESS) for ordinal in ordinals
    ]


def unsent(claim: Claim, content: Content, now: datetime) -> Settled | None:
    """Settle a chunk that is not to be sent (any more); None when it is.

    After the last try it is not known what a worker that was lost had sent of it.
    """
    if content.is_cancelled:
        return _ended(claim, DeliveryState.CANCELLED)
    if content.expires_at <= now:
        return _ended(claim, DeliveryState.EXPIRED)
    if claim.tries > len(RETRY_SECONDS):
        return _ended(claim, DeliveryState.UNKNOWN, GAVE_UP)
    return None


def _ended(claim: Claim, state: DeliveryState, reason: str = "") -> Settled:
    return Settled([ResultRow(claim.channel, ordinal, state, reason) for ordinal in claim.ordinals])
