"""What one call to a provider came to, and how the calls of one delivery add up."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from notifications.channels.ports import Outcome, Result
from notifications.channels.reasons import Reason


@dataclass(frozen=True, slots=True)
class Verdict:
    """One endpoint's part of an `Outcome`.

    `is_dead`: the endpoint is to be removed. `is_ours`: the refusal is of us, not of the message;
    when a whole batch is refused so, the sender raises `Misconfigured`.
    """

    result: Result
    reason: str = ""
    provider_ref: str = ""
    retry_after_seconds: float | None = None
    is_dead: bool = False
    is_ours: bool = False


EXPIRED = Verdict(Result.FAILED, Reason.EXPIRED)
NO_ENDPOINT = Verdict(Result.FAILED, Reason.NO_ENDPOINT)
INVALID = Verdict(Result.FAILED, Reason.ENDPOINT_INVALID, is_dead=True)
DEAD = Verdict(Result.FAILED, Reason.ENDPOINT_DEAD, is_dead=True)
NOT_CONNECTED = Verdict(Result.RETRY, Reason.NOT_CONNECTED)
ANSWER_LOST = Verdict(Result.UNKNOWN, Reason.ANSWER_LOST)
CREDENTIALS = Verdict(Result.RETRY, Reason.CREDENTIALS, is_ours=True)

PRECEDENCE = (Result.ACCEPTED, Result.UNKNOWN, Result.RETRY, Result.FAILED)
"""One endpoint that took it is enough; a lost answer outweighs a plain "not yet", because the
delivery may have arrived; and it failed only if it failed everywhere."""


def outcome_of(verdicts: Sequence[tuple[UUID, Verdict]]) -> Outcome:
    """Add up what the endpoints (by id) of one delivery came to; at least one is given."""
    dead = tuple(endpoint_id for endpoint_id, verdict in verdicts if verdict.is_dead)
    leading = min((verdict for _, verdict in verdicts), key=lambda v: PRECEDENCE.index(v.result))
    return Outcome(
        result=leading.result,
        reason=str(leading.reason),
        provider_ref=leading.provider_ref,
        retry_after_seconds=leading.retry_after_seconds,
        dead=dead,
    )
