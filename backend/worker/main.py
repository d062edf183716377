"""One worker process."""

import asyncio
from datetime import timedelta

from backend.kernel import outbox
from backend.kernel.clock import system_clock
from backend.kernel.db import open_database
from backend.kernel.settings import Settings
from backend.kernel.territories.register import served_municipalities
from backend.worker.handlers import outbox_handlers
from backend.worker.loops import dispatch_one, keep_working
from backend.worker.schedule import scheduling
from backend.worker.wakeups import Bell, ringing
from notifications.configured import senders_of, writer_of
from notifications.jobs import WAKE_CHANNEL, Engine, fold_receipts


async def run_worker(settings: Settings, stop: asyncio.Event) -> None:
    """Work until `stop` is set: what is under way is finished, nothing new is taken."""
    url = settings.database.url
    if url is None:
        raise ValueError("no database: NOVADS_DATABASE_URL is not set")
    database, clock = open_database(url, pool_size=settings.database.pool), system_clock
    senders, tenants = (
        senders_of(settings),
        served_municipalities(settings.deployment.municipalities),
    )
    engine = Engine(
        database=database,
        tenants=tenants,
        senders=senders,
        vault=settings.vault(),
        clock=clock,
        writer=writer_of(settings),
        lease=timedelta(seconds=settings.delivery.lease_seconds),
    )

    async def fold() -> bool:
        return await fold_receipts(database, tenants, clock()) > 0

    chunks, events, receipts = Bell(stop), Bell(stop), Bell(stop)
    dispatch = dispatch_one(database, tenants, outbox_handlers(settings, clock), clock)
    try:
        async with (
            ringing(url, WAKE_CHANNEL, [chunks]),
            ringing(url, outbox.CHANNEL, [events]),
            scheduling(url, database, tenants, clock),
            asyncio.TaskGroup() as loops,
        ):
            loops.create_task(keep_working("deliver", engine.deliver_one, chunks))
            loops.create_task(keep_working("dispatch", dispatch, events))
            loops.create_task(keep_working("fold_receipts", fold, receipts))
    finally:
        for sender in senders.values():
            await sender.close()
        await database.close()
