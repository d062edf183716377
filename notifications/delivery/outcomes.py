"""What a channel's outcomes come to: results, what is tried again, what is counted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from notifications.channels.ports import Channel, Outcome, Result
from notifications.delivery.queries import Claim, NewChunk
from notifications.delivery.results import ResultRow
from notifications.delivery.rules import REPEATABLE, DeliveryState, retry_pause

GAVE_UP = "gave_up"
NO_ADDRESS = "no_address"
STATE_OF = {Result.ACCEPTED: DeliveryState.ACCEPTED, Result.FAILED: DeliveryState.FAILED}


@dataclass(slots=True)
class Settled:
    """A chunk's outcome, ready to be written."""

    rows: list[ResultRow] = field(default_factory=list[ResultRow])
    again: list[int] = field(default_factory=list[int])
    pause_seconds: float = 0.0
    dead: list[UUID] = field(default_factory=list[UUID])

    def retry_chunk(self, claim: Claim, now: datetime) -> NewChunk | None:
        """Make the chunk of those to be tried again, or None."""
        if not self.again:
            return None
        return NewChunk(
            channel=claim.channel,
            lane=claim.lane,
            run_at=now + timedelta(seconds=self.pause_seconds),
            planned_as=claim.planned_as,
            ordinals=self.again,
            tries=claim.tries + 1,
        )

    def moves(self, claim: Claim) -> Counter[tuple[Channel, DeliveryState]]:
        """Count what the results change in the dispatch's counters."""
        moves = Counter((claim.channel, row.state) for row in self.rows)
        moves[claim.channel, claim.planned_as] -= len(self.rows)
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
            settled.again.append(ordinal)
            wanted = max(pause, outcome.retry_after_seconds or 0.0)
            settled.pause_seconds = max(settled.pause_seconds, wanted)
        else:
            settled.rows.append(_final(claim.channel, ordinal, outcome))
    return settled


def _final(channel: Channel, ordinal: int, outcome: Outcome) -> ResultRow:
    if outcome.result is Result.UNKNOWN:
        return ResultRow(channel, ordinal, DeliveryState.UNKNOWN, outcome.reason)
    if outcome.result is Result.RETRY:
        return ResultRow(channel, ordinal, DeliveryState.FAILED, outcome.reason or GAVE_UP)
    state = STATE_OF[outcome.result]
    return ResultRow(channel, ordinal, state, outcome.reason, outcome.provider_ref)


def without_address(claim: Claim, ordinals: Sequence[int]) -> list[ResultRow]:
    """Fail those who lost their last address between planning and sending."""
    return [
        ResultRow(claim.channel, ordinal, DeliveryState.FAILED, NO_ADDRESS) for ordinal in ordinals
    ]


def expired(claim: Claim) -> Settled:
    """Let every delivery of the chunk end because its message is past its expiry."""
    rows = [ResultRow(claim.channel, o, DeliveryState.EXPIRED) for o in claim.ordinals]
    return Settled(rows=rows)
