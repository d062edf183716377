"""The schedule: run by whichever worker holds the lock; a tick only writes down that it is due."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import asyncpg
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from backend.kernel.clock import Clock
from backend.kernel.db import Database
from backend.kernel.housekeeping import HOUSEKEEPING_DUE
from backend.kernel.logs import logger
from backend.kernel.outbox import publish
from backend.kernel.scheduled_runs import claim_run
from backend.kernel.tenancy import Tenants

LOG = logger(__name__)
LEADER_LOCK = 0x6E6F7603
"""Session advisory lock of the one worker that runs the schedule."""
RETRY_SECONDS = 5.0
LATEST_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Job:
    """Something due by the calendar: a topic published for every municipality served.

    `crontab` is in UTC; `period` is the grid on which a firing is known again.
    """

    topic: str
    crontab: str
    period: timedelta


JOBS = (Job(HOUSEKEEPING_DUE, "17 * * * *", timedelta(hours=1)),)


async def publish_due(database: Database, tenants: Tenants, job: Job, now: datetime) -> bool:
    """Publish a job's event for every municipality, once a period, however many ask."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    fire_at = now - (now - epoch) % job.period
    async with database.write(tenants) as session:
        if not await claim_run(session, job.topic, fire_at):
            return False
        for municipality in tenants:
            await publish(session, municipality, job.topic, {}, now)
    LOG.info("job_due", job=job.topic)
    return True


async def keep_schedule(dsn: str, database: Database, tenants: Tenants, clock: Clock) -> None:
    """Run the schedule while this process holds the lock; wait for the lock otherwise."""
    while True:
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await _lead(dsn, database, tenants, clock)
        await asyncio.sleep(RETRY_SECONDS)


@contextlib.asynccontextmanager
async def scheduling(
    dsn: str, database: Database, tenants: Tenants, clock: Clock
) -> AsyncGenerator[None]:
    """Take part in the schedule for the time of the block."""
    keeping = asyncio.create_task(keep_schedule(dsn, database, tenants, clock))
    try:
        yield
    finally:
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping


async def _lead(dsn: str, database: Database, tenants: Tenants, clock: Clock) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", LEADER_LOCK):
            return
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        scheduler = _scheduler(database, tenants, clock)
        scheduler.start()
        try:
            await lost.wait()
        finally:
            scheduler.shutdown(wait=False)
    finally:
        connection.terminate()


def _scheduler(database: Database, tenants: Tenants, clock: Clock) -> AsyncIOScheduler:
    scheduler = AsyncIOScheduler(timezone=UTC)

    async def fire(job: Job) -> None:
        await publish_due(database, tenants, job, clock())

    for job in JOBS:
        trigger = CronTrigger.from_crontab(job.crontab, UTC)
        scheduler.add_job(
            fire,
            trigger,
            args=[job],
            id=job.topic,
            coalesce=True,
            max_instances=1,
            # A busy worker fires late; by default APScheduler would leave it out after a second.
            misfire_grace_time=LATEST_SECONDS,
        )
    return scheduler
