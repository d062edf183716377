"""The loops of a worker: each takes work until there is none, then waits for its bell."""

from collections.abc import Awaitable, Callable, Mapping

from backend.kernel import outbox
from backend.kernel.clock import Clock
from backend.kernel.db import Database
from backend.kernel.logs import logger
from backend.kernel.outbox import Event, Handler
from backend.kernel.tenancy import Tenants
from backend.kernel.wakeups import Bell

LOG = logger(__name__)

Turn = Callable[[], Awaitable[bool]]
"""Does one piece of work; False when there was none."""


async def keep_working(name: str, turn: Turn, bell: Bell) -> None:
    """Repeat `turn` while it finds work, until the process stops.

    The database being away is not the end of a worker, and a fault in one loop is not the end of
    the others, which may be sending an alert: it tries again at the next poll.
    """
    while not bell.is_over:
        try:
            found = await turn()
        except Exception as error:  # noqa: BLE001 - see above
            LOG.error("turn_failed", failure=error, job=name)
            found = False
        if not found and not bell.is_over:
            await bell.wait()


def dispatch_one(
    database: Database, tenants: Tenants, handlers: Mapping[str, Handler], clock: Clock
) -> Turn:
    """Make the turn that acts on the oldest due outbox event in one transaction."""

    async def turn() -> bool:
        taken: list[Event] = []
        try:
            async with database.write(tenants) as session:
                event = await outbox.lock_next_event(session, clock())
                if event is None:
                    return False
                taken.append(event)
                await handlers[event.topic](session, event)
                await outbox.remove(session, event)
        except Exception as error:
            if not taken:
                raise
            await _postpone(database, taken[0], clock, error)
        return True

    return turn


async def _postpone(database: Database, event: Event, clock: Clock, error: Exception) -> None:
    LOG.error("handler_failed", failure=error, topic=event.topic, outbox_event=event.id)
    async with database.write((event.municipality,)) as session:
        await outbox.postpone(session, event, clock())
