"""Turn one content and its residents into messages, counters and chunks, in one transaction."""

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from backend.kernel.db import WriteSession, take_first_statistics
from notifications.channels.ports import Channel
from notifications.delivery.finishing import finish_if_done
from notifications.delivery.queries import NewChunk, insert_chunks
from notifications.delivery.results import ResultRow, add_tally, insert_results
from notifications.delivery.rules import DeliveryState
from notifications.messages.rules import OUTSIDE, release_at
from notifications.planning.decisions import Decision, decide
from notifications.planning.queries import insert_dispatch, insert_messages
from notifications.planning.requests import NewDispatch, Policy, Recipients, lane_of

LARGE = 500
"""Recipients from which a wrong plan of PostgreSQL is felt."""


@dataclass(slots=True)
class _Written:
    """What has been written so far: who waits on which channel, and the counters."""

    waiting: dict[Channel, "array[int]"] = field(default_factory=dict[Channel, "array[int]"])
    counters: Counter[tuple[Channel, DeliveryState]] = field(
        default_factory=Counter[tuple[Channel, DeliveryState]]
    )
    size: int = 0

    def add(self, decisions: Sequence[Decision]) -> list[ResultRow]:
        """Take over a batch; gives the results of those deliveries that are never made."""
        suppressed: list[ResultRow] = []
        for ordinal, decision in enumerate(decisions, start=self.size):
            for channel in decision.deliver:
                self.waiting.setdefault(channel, array("i")).append(ordinal)
            suppressed.extend(
                ResultRow(channel, ordinal, DeliveryState.SUPPRESSED, reason.value)
                for channel, reason in decision.suppressed
            )
        self.counters.update((row.channel, row.state) for row in suppressed)
        self.counters[Channel.INBOX, DeliveryState.DELIVERED] += len(decisions)
        self.size += len(decisions)
        return suppressed


async def plan(
    session: WriteSession,
    new: NewDispatch,
    recipients: Recipients,
    policy: Policy,
    now: datetime,
) -> UUID | None:
    """Write an inbox message for every recipient and queue the deliveries that announce it.

    The inbox message exists even when every delivery fails. Returns the dispatch, or None when
    the deduplication key was used before (nothing is changed then).
    """
    dispatch_id = await insert_dispatch(session, new, recipients.size, now)
    if dispatch_id is None:
        return None
    key, written = (new.municipality, dispatch_id), _Written()
    async for decisions in decide(
        session, new.municipality, new.kind, new.topic, new.texts, recipients.pages
    ):
        await insert_messages(session, *key, written.size, decisions, now)
        if suppressed := written.add(decisions):
            await insert_results(session, *key, suppressed, now)
    chunks = _chunks(new, written, policy, now)
    for chunk in chunks:
        written.counters[chunk.channel, chunk.planned_as] += len(chunk.ordinals)
    await add_tally(session, *key, written.counters)
    await insert_chunks(session, *key, chunks)
    if written.size >= LARGE:
        await take_first_statistics(session)
    await finish_if_done(session, *key, now)
    return dispatch_id


def _chunks(new: NewDispatch, written: _Written, policy: Policy, now: datetime) -> list[NewChunk]:
    # Who is held beyond the expiry is not held for it: the counters tell at once when it is over.
    run_at = min(release_at(new.kind, now, policy.zone, policy.quiet), new.expires_at)
    planned_as = DeliveryState.QUEUED if run_at <= now else DeliveryState.HELD
    lane = lane_of(new.kind, written.size)
    chunks: list[NewChunk] = []
    for channel in OUTSIDE:
        ordinals = written.waiting.get(channel, array("i"))
        size = policy.sizes.of(channel, urgent=new.kind.is_urgent)
        chunks.extend(
            NewChunk(channel, lane, run_at, planned_as, ordinals[start : start + size])
            for start in range(0, len(ordinals), size)
        )
    return chunks
