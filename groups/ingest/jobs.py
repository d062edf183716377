"""What feeds need of workers: old ones are removed by the hour; `importing` does the long work."""

from collections.abc import Mapping

from backend.kernel.clock import Clock
from backend.kernel.db import WriteSession
from backend.kernel.housekeeping import HOUSEKEEPING_DUE
from backend.kernel.outbox import Event, Handler
from groups.ingest import import_queries


def ingest_handlers(clock: Clock) -> Mapping[str, Handler]:
    """Give the handlers of feeds by topic."""

    async def purge(session: WriteSession, event: Event) -> None:
        await import_queries.purge(session, event.municipality, clock())

    return {HOUSEKEEPING_DUE: purge}
