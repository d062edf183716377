"""One worker process."""

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta

from backend.kernel import outbox
from backend.kernel.clock import Clock, system_clock
from backend.kernel.db import Database, open_database
from backend.kernel.settings import Settings
from backend.kernel.tenancy import Tenants
from backend.kernel.territories.register import served_municipalities
from backend.kernel.wakeups import Bell, ringing
from backend.worker.handlers import outbox_handlers
from backend.worker.loops import Turn, dispatch_one, keep_working
from backend.worker.schedule import scheduling
from groups.public import FEED_CHANNEL, FeedImporter, Sinks
from notifications.configured import senders_of, writer_of
from notifications.jobs import WAKE_CHANNEL, Engine, Lane, fold_receipts
from notifications.public import RegistryPreferences


async def run_worker(settings: Settings, stop: asyncio.Event, *, alerts_only: bool = False) -> None:
    """Work until `stop` is set: what is under way is finished, nothing new is taken.

    A worker for alerts only keeps its hands free for them: it delivers grave alerts and does
    nothing else, however long the other queues are.
    """
    url = settings.database.url
    if url is None:
        raise ValueError("no database: NOVADS_DATABASE_URL is not set")
    database, clock = open_database(url, pool_size=settings.database.pool), system_clock
    senders = senders_of(settings)
    tenants = served_municipalities(settings.deployment.municipalities)
    engine = Engine(
        database=database,
        tenants=tenants,
        senders=senders,
        vault=settings.vault(),
        clock=clock,
        writer=writer_of(settings),
        lease=timedelta(seconds=settings.delivery.lease_seconds),
        last_lane=Lane.EMERGENCY if alerts_only else Lane.BULK,
    )

    async def fold() -> bool:
        return await fold_receipts(database, tenants, clock()) > 0

    chunks, events, receipts, feeds = Bell(stop), Bell(stop), Bell(stop), Bell(stop)
    dispatch = dispatch_one(database, tenants, outbox_handlers(settings, clock), clock)
    turns: list[tuple[str, Turn, Bell]] = [("deliver", engine.deliver_one, chunks)]
    if not alerts_only:
        turns += [("dispatch", dispatch, events), ("fold_receipts", fold, receipts)]
        turns.append(("import_feeds", _import_turn(settings, database, tenants, clock), feeds))
    try:
        async with AsyncExitStack() as surroundings:
            await surroundings.enter_async_context(ringing(url, WAKE_CHANNEL, [chunks]))
            if not alerts_only:
                for context in (
                    ringing(url, outbox.CHANNEL, [events]),
                    ringing(url, FEED_CHANNEL, [feeds]),
                    scheduling(url, database, tenants, clock),
                ):
                    await surroundings.enter_async_context(context)
            async with asyncio.TaskGroup() as loops:
                for turn in turns:
                    loops.create_task(keep_working(*turn))
    finally:
        for sender in senders.values():
            await sender.close()
        await database.close()


def _import_turn(settings: Settings, database: Database, tenants: Tenants, clock: Clock) -> Turn:
    importer = FeedImporter(
        database=database,
        tenants=tenants,
        vault=settings.vault(),
        clock=clock,
        sinks=Sinks(preferences=RegistryPreferences(clock)),
        directory=settings.deployment.state_directory / "registry-feeds",
    )
    return importer.import_one
