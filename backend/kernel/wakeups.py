"""Waking up for work: PostgreSQL says so, and a poll heals what was not heard."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from functools import partial

import asyncpg

from backend.kernel.logs import logger

LOG = logger(__name__)
POLL_SECONDS = 1.0


class Bell:
    """Rung by a notification; a waiter also returns after the poll interval or at the stop."""

    def __init__(self, stop: asyncio.Event) -> None:
        """Make a bell that also stops ringing when `stop` is set."""
        self._stop = stop
        self._rung = asyncio.Event()

    def ring(self, *_: object) -> None:
        """Wake whoever waits."""
        self._rung.set()

    async def wait(self) -> None:
        """Wait for the next ring, at most one second."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), POLL_SECONDS)
        self._rung.clear()

    @property
    def is_over(self) -> bool:
        """Whether the process is stopping."""
        return self._stop.is_set()


@asynccontextmanager
async def ringing(dsn: str, channel: str, bells: Sequence[Bell]) -> AsyncGenerator[None]:
    """Ring the bells on every notification of a channel; a lost connection is opened again."""
    listening = asyncio.create_task(_listen(dsn, channel, bells))
    try:
        yield
    finally:
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening


async def _listen(dsn: str, channel: str, bells: Sequence[Bell]) -> None:
    while True:
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            connection = await asyncpg.connect(dsn)
            try:
                lost = asyncio.Event()
                connection.add_termination_listener(partial(_set, lost))
                for bell in bells:
                    await connection.add_listener(channel, bell.ring)
                    bell.ring()
                await lost.wait()
                LOG.warning("listener_lost", reason=channel)
            finally:
                connection.terminate()
        await asyncio.sleep(POLL_SECONDS)


def _set(event: asyncio.Event, _: asyncpg.Connection) -> None:
    event.set()
