"""One engine leads: who holds a session's advisory lock; the others stand by."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from functools import partial

import asyncpg

from backend.kernel.logs import logger

LOG = logger(__name__)
LEADER_LOCK = 0x6E6F7604
"""Session advisory lock of the one engine that follows."""
RETRY_SECONDS = 1.0
HEARTBEAT_SECONDS = 5.0


async def lead(dsn: str, act: Callable[[], Awaitable[None]]) -> None:
    """Run `act` whenever this process leads, and cancel it at once when it does no longer.

    Leadership ends with the connection that holds the lock, or when `act` ends. Runs until it is
    cancelled.
    """
    while True:
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await _lead(dsn, act)
        await asyncio.sleep(RETRY_SECONDS)


async def _lead(dsn: str, act: Callable[[], Awaitable[None]]) -> None:
    connection = await asyncpg.connect(dsn, timeout=HEARTBEAT_SECONDS)
    try:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LEADER_LOCK):
            return
        LOG.info("engine_leads")
        acting = asyncio.ensure_future(act())
        losing = asyncio.ensure_future(_until_lost(connection))
        try:
            await asyncio.wait({acting, losing}, return_when=asyncio.FIRST_COMPLETED)
            LOG.warning("engine_leads_no_longer")
        finally:
            await _end(acting, losing)
    finally:
        connection.terminate()


async def _end(*tasks: asyncio.Future[None]) -> None:
    for task in tasks:
        task.cancel()
    for outcome in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(outcome, Exception):
            LOG.error("engine_failed", failure=outcome)


async def _until_lost(connection: asyncpg.Connection) -> None:
    """Wait until the connection ends; one whose other side is silent counts as ended."""
    lost = asyncio.Event()
    connection.add_termination_listener(partial(_set, lost))
    while not connection.is_closed():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(lost.wait(), HEARTBEAT_SECONDS)
            return
        try:
            await connection.fetchval("SELECT 1", timeout=HEARTBEAT_SECONDS)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return


def _set(event: asyncio.Event, _: asyncpg.Connection) -> None:
    event.set()
