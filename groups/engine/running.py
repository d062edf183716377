"""An engine as one process runs it: standing by, leading, answering."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from backend.kernel.clock import Clock
from backend.kernel.db import Database
from backend.kernel.tenancy import MunicipalityId
from backend.kernel.wakeups import Bell, ringing
from groups.changes.queries import CHANNEL
from groups.engine.engine import Engine
from groups.engine.leader import lead
from groups.engine.serving import answering


@dataclass(frozen=True, slots=True)
class Post:
    """Where an engine works: its database, whom it serves, where it answers."""

    dsn: str = field(repr=False)
    database: Database
    municipalities: Sequence[MunicipalityId]
    address: str
    token: bytes = field(repr=False)


async def run_engine(post: Post, clock: Clock, stop: asyncio.Event) -> None:
    """Follow and answer while leading, stand by otherwise, until `stop` is set.

    Whenever it begins to lead, it begins with empty columns.
    """

    async def act() -> None:
        bell = Bell(stop)
        engine = Engine(post.database, post.municipalities, clock, bell)
        async with ringing(post.dsn, CHANNEL, [bell]), answering(engine, post.address, post.token):
            await engine.run()

    leading = asyncio.create_task(lead(post.dsn, act))
    await stop.wait()
    leading.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await leading
