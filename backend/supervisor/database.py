"""The embedded database under supervision."""

import asyncio

from backend.kernel.embedded import EmbeddedError, EmbeddedPostgres
from backend.kernel.logs import logger
from backend.supervisor.children import BackOff

log = logger(__name__)

POLL_SECONDS = 0.1


async def keep_database(server: EmbeddedPostgres, back_off: BackOff) -> None:
    """Start the server again whenever its postmaster died; runs until cancelled.

    The start blocks this thread on purpose: PostgreSQL is tied to the thread that started it.
    """
    failures = 0
    while True:
        await _death_of(server)
        log.warning("database_died", exit_status=server.poll())
        try:
            server.revive()
        except EmbeddedError as error:
            failures += 1
            log.error("database_start_failed", failure=error)
            await asyncio.sleep(back_off.delay(failures))
            continue
        failures = 0
        log.info("database_revived", pid=server.pid)


async def _death_of(server: EmbeddedPostgres) -> None:
    while server.poll() is None:  # noqa: ASYNC110 - a foreign process sets no event
        await asyncio.sleep(POLL_SECONDS)
