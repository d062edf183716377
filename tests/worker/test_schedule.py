"""The schedule: due once, by whichever worker, and what it cleans."""

import asyncio
from datetime import timedelta

from sqlalchemy import func, select, text

from backend.kernel.clock import Clock
from backend.kernel.db import Database
from backend.kernel.idempotency import IdempotencyKey
from backend.kernel.outbox import OutboxEvent
from backend.kernel.settings import Settings
from backend.kernel.tenancy import MunicipalityId
from backend.worker.handlers import outbox_handlers
from backend.worker.loops import dispatch_one
from backend.worker.schedule import JOBS, keep_schedule, publish_due

HERE = (MunicipalityId(44000), MunicipalityId(9000))


async def _events(database: Database) -> int:
    async with database.read(HERE) as session:
        return await session.scalar(select(func.count()).select_from(OutboxEvent)) or 0


async def test_many_workers_make_a_job_due_once_a_period(database: Database, clock: Clock) -> None:
    (job,) = JOBS
    taken = await asyncio.gather(*(publish_due(database, HERE, job, clock()) for _ in range(5)))
    assert sorted(taken) == [False, False, False, False, True]
    assert await _events(database) == len(HERE)
    assert await publish_due(database, HERE, job, clock() + job.period)
    assert await _events(database) == 2 * len(HERE)


async def test_answers_of_idempotency_keys_are_kept_for_two_days(
    database: Database, clock: Clock, settings: Settings
) -> None:
    ages = (timedelta(hours=49), timedelta(hours=47))
    async with database.write(HERE) as session:
        for age in ages:
            session.add(
                IdempotencyKey(
                    municipality_id=HERE[0],
                    scope="resident:1",
                    key=str(age),
                    request_digest=b"",
                    status=201,
                    answer_sealed=b"",
                    created_at=clock() - age,
                )
            )
    await publish_due(database, HERE, JOBS[0], clock())
    turn = dispatch_one(database, HERE, outbox_handlers(settings, clock), clock)
    while await turn():
        pass
    async with database.read(HERE) as session:
        kept = (await session.scalars(select(IdempotencyKey.key))).all()
    assert kept == [str(ages[1])]


async def test_a_worker_that_leads_the_schedule_leaves_the_lock_when_it_stops(
    database: Database, app_url: str, clock: Clock
) -> None:
    for _ in range(2):
        leading = asyncio.create_task(keep_schedule(app_url, database, HERE, clock))
        await _until_locked(database, held=True)
        leading.cancel()
        await asyncio.gather(leading, return_exceptions=True)
        await _until_locked(database, held=False)


async def _until_locked(database: Database, *, held: bool) -> None:
    locks = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = "
                 "(SELECT oid FROM pg_database WHERE datname = current_database())")  # fmt: skip
    async with asyncio.timeout(20):
        while True:
            async with database.read(()) as session:
                if bool(await session.scalar(locks)) == held:
                    return
