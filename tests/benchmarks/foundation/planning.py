"""How fast a campaign to everybody is fanned out: messages, results of those left out, chunks."""

from collections.abc import Sequence
from datetime import time
from uuid import UUID

import asyncpg
from sqlalchemy import func, select

from backend.kernel.ids import new_id
from backend.kernel.territories.register import ZONE
from notifications.channels.ports import Channel
from notifications.messages.rules import QuietHours
from notifications.planning.queries import insert_dispatch
from notifications.planning.requests import ChunkSizes, Policy, Recipients, one_page
from notifications.planning.service import plan
from notifications.tables import Chunk, DeliveryResult, Message
from tests.benchmarks.foundation.everybody import news
from tests.benchmarks.foundation.ground import MUNICIPALITY, Ground
from tests.benchmarks.harness.figures import Figure, Peer, at_least
from tests.benchmarks.harness.meters import OWN, Meter

POLICY = Policy(ChunkSizes(), ZONE, QuietHours(time(0), time(0)))
"""The product's chunks; no quiet hours, because benchmarks run at any time of day."""
POSTGRES = "postgres"
ORM_ROWS = 5_000
LEAST_RESIDENTS = 1_000
"""A second: a whole municipality of 20,000 in 20 s."""
WRITTEN = (Message, DeliveryResult, Chunk)


async def planned(ground: Ground, residents: Sequence[UUID], *channels: Channel) -> UUID:
    """Plan news to residents, in one transaction, and give the dispatch."""
    async with ground.database.write([MUNICIPALITY]) as session:
        new, now = news(ground, *channels), ground.clock()
        everybody = Recipients(len(residents), one_page(residents))
        dispatch = await plan(session, new, everybody, POLICY, now)
    if dispatch is None:
        raise RuntimeError("the news had been sent before")
    return dispatch


async def measure_planning(ground: Ground, residents: Sequence[UUID]) -> list[Figure]:
    """Plan news to everybody on all channels."""
    ground.say(f"planning a campaign to {len(residents):,} residents")
    with Meter(postgres=ground.place.postgres.pid) as meter:
        dispatch = await planned(ground, residents)
    rows = await _rows_of(ground, dispatch)
    ground.say("writing its messages in other ways")
    peers = (await _by_orm(ground, residents[:ORM_ROWS]), await _by_copy(ground, residents))
    rate = len(residents) / meter.wall_seconds
    return [
        Figure("fan-out, rows", rows / meter.wall_seconds, "rows/s", peers=peers),
        Figure("fan-out, residents", rate, "residents/s", at_least(LEAST_RESIDENTS)),
        Figure("fan-out, processor time of the planner", meter.cpu(OWN), "CPU-s"),
        Figure("fan-out, processor time of PostgreSQL", meter.cpu(POSTGRES), "CPU-s"),
    ]


async def _rows_of(ground: Ground, dispatch: UUID) -> int:
    """Count messages, results and chunks; each resident must have a message."""
    async with ground.database.read([MUNICIPALITY]) as session:
        counted = [
            await session.scalar(
                select(func.count()).select_from(table).where(table.dispatch_id == dispatch)
            )
            or 0
            for table in WRITTEN
        ]
    if 0 in counted:
        raise RuntimeError(f"the plan is not whole: {counted}")
    return sum(counted)


async def _by_orm(ground: Ground, residents: Sequence[UUID]) -> Peer:
    """Write the messages as objects of the ORM."""
    async with ground.database.write([MUNICIPALITY]) as session:
        now = ground.clock()
        dispatch = await insert_dispatch(session, news(ground), len(residents), now)
    with Meter() as meter:
        async with ground.database.write([MUNICIPALITY]) as session:
            session.add_all(
                Message(
                    municipality_id=MUNICIPALITY,
                    dispatch_id=dispatch,
                    ordinal=ordinal,
                    id=new_id(),
                    resident_id=resident,
                    language="lv",
                    created_at=now,
                )
                for ordinal, resident in enumerate(residents)
            )
    rate = len(residents) / meter.wall_seconds
    return Peer(f"SQLAlchemy ORM, {len(residents):,} messages alone", rate, "rows/s")


async def _by_copy(ground: Ground, residents: Sequence[UUID]) -> Peer:
    """COPY the same messages into a table without indexes and row-level security."""
    connection, now = await asyncpg.connect(ground.place.postgres.owner_url), ground.clock()
    columns = "ordinal integer, id uuid, resident_id uuid, language text, created_at timestamptz"
    await connection.execute(f"CREATE TABLE bare_message ({columns})")
    rows = ((ordinal, new_id(), each, "lv", now) for ordinal, each in enumerate(residents))
    try:
        with Meter() as meter:
            await connection.copy_records_to_table("bare_message", records=rows)
    finally:
        await connection.close()
    rate = len(residents) / meter.wall_seconds
    return Peer("COPY into a bare table, messages alone (limit)", rate, "rows/s")
