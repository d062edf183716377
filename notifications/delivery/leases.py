"""Holding on to a chunk while the database may be away for a moment."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import timedelta

from backend.kernel.errors import TryAgain
from backend.kernel.logs import logger

LOG = logger(__name__)
PAUSE_SECONDS = 0.5

Write = Callable[[], Awaitable[None]]


@contextlib.asynccontextmanager
async def extended(extend: Write, lease: timedelta) -> AsyncGenerator[None]:
    """Extend a lease every third of it for the time of the block."""
    extending = asyncio.create_task(_keep_extending(extend, lease.total_seconds() / 3))
    try:
        yield
    finally:
        extending.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await extending


async def _keep_extending(extend: Write, pause_seconds: float) -> None:
    while True:
        await asyncio.sleep(pause_seconds)
        try:
            await extend()
        except Exception as error:  # noqa: BLE001 - what was sent meanwhile must still be counted
            LOG.warning("lease_not_extended", error=type(error).__name__)


async def persistently(write: Write, patience: timedelta) -> None:
    """Repeat a write that the database asks to try again, as long as the patience lasts.

    What was sent has been sent: giving up on its results would send all of it once more.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience.total_seconds()
    while True:
        try:
            await write()
        except TryAgain:
            if loop.time() >= deadline:
                raise
            LOG.warning("results_not_written_yet")
            await asyncio.sleep(PAUSE_SECONDS)
        else:
            return
