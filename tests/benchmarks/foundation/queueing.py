"""What the queue can do: the engine with senders that call nobody, then the claims alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg

from backend.kernel.settings import load_settings
from notifications.channels.ports import Channel, Outcome, Outgoing, Result
from notifications.configured import writer_of
from notifications.delivery import queries, results
from notifications.delivery.engine import Engine
from notifications.delivery.finishing import finish_if_done
from notifications.delivery.outcomes import Settled
from notifications.delivery.results import ResultRow
from notifications.delivery.rules import DeliveryState, Lane
from notifications.messages.rules import OUTSIDE
from tests.benchmarks.foundation.draining import UNIT, Drain, Turn, drained
from tests.benchmarks.foundation.ground import MUNICIPALITY, Ground
from tests.benchmarks.foundation.planning import planned
from tests.benchmarks.foundation.row_queue import BATCH, claimed_by_rows
from tests.benchmarks.harness.figures import Figure, Peer, at_least

LEASE = timedelta(seconds=60)
DISPATCHES = 3
"""To everybody each: a queue long enough to be measured."""
ACCEPTED = Outcome(Result.ACCEPTED, provider_ref="taken")
LEAST_TIMES = 5
"""What chunks must gain over single rows: they are why the queue is our own."""


@dataclass(slots=True)
class AcceptAll:
    """A sender that calls nobody."""

    channel: Channel

    async def send(self, items: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Accept everything."""
        return [ACCEPTED] * len(items)

    async def close(self) -> None:
        """Nothing is open."""


async def measure_queue(ground: Ground, residents: Sequence[UUID]) -> list[Figure]:
    """Deliver what is planned for everybody, then push alone, then claim chunks alone.

    The first campaign is delivered before PostgreSQL has statistics of its messages.
    """
    engine = _engine(ground)
    ground.say("delivering it with senders that call nobody")
    first = await drained(ground, engine.deliver_one)
    await _look_at_tables(ground)
    push = await _pushed(ground, residents, engine.deliver_one)
    ground.say("claiming and acknowledging chunks, and single rows")
    alone = await _pushed(ground, residents, _claim_and_acknowledge(ground))
    single = await claimed_by_rows(ground, len(residents), 1)
    batches = await claimed_by_rows(ground, len(residents), BATCH)
    peers = (
        Peer("rows claimed one by one, no results", single, UNIT),
        Peer(f"rows claimed by {BATCH}, no results", batches, UNIT),
    )
    return [
        Figure("engine without network, first campaign ever", first.rate, UNIT),
        Figure("engine without network, push", push.rate, UNIT),
        *push.figures("engine without network, push"),
        Figure("chunks claimed and acknowledged", alone.rate, UNIT, peers=peers),
        *alone.figures("chunks claimed and acknowledged"),
        Figure("chunks over rows one by one", alone.rate / single, "times", at_least(LEAST_TIMES)),
    ]


async def _look_at_tables(ground: Ground) -> None:
    """Gather statistics, as PostgreSQL does by itself within minutes of a first campaign."""
    connection = await asyncpg.connect(ground.place.postgres.owner_url)
    try:
        await connection.execute("ANALYZE message, chunk, delivery_result, device")
    finally:
        await connection.close()


async def _pushed(ground: Ground, residents: Sequence[UUID], turn: Turn) -> Drain:
    """Queue push to everybody several times, and empty the queue."""
    for _ in range(DISPATCHES):
        await planned(ground, residents, Channel.PUSH)
    return await drained(ground, turn)


def _engine(ground: Ground) -> Engine:
    return Engine(
        database=ground.database,
        tenants=[MUNICIPALITY],
        senders={channel: AcceptAll(channel) for channel in OUTSIDE},
        vault=ground.vault,
        clock=ground.clock,
        writer=writer_of(load_settings({})),
        lease=LEASE,
    )


def _claim_and_acknowledge(ground: Ground) -> Turn:
    """Do what the engine does but for addresses, texts and sending: two transactions a chunk."""

    async def turn() -> bool:
        now = ground.clock()
        async with ground.database.write([MUNICIPALITY]) as session:
            claim = await queries.claim_chunk(session, now, LEASE, Lane.BULK)
        if claim is None:
            return False
        rows = [ResultRow(claim.channel, o, DeliveryState.ACCEPTED) for o in claim.ordinals]
        key = (claim.municipality, claim.dispatch_id)
        async with ground.database.write([MUNICIPALITY]) as session:
            if not await queries.close_chunk(session, claim):
                raise RuntimeError("somebody else took the chunk")
            await results.insert_results(session, *key, rows, now)
            await results.add_tally(session, *key, Settled(rows).moves(claim))
            await finish_if_done(session, *key, now)
        return True

    return turn
