"""How full the queue is, and who works on it."""

from dataclasses import dataclass
from datetime import datetime

from backend.kernel.db import ReadSession, raw_connection
from notifications.delivery.queries import WAKE_CHANNEL


@dataclass(frozen=True, slots=True)
class QueueDepth:
    """Chunks of the tenants served: due now, waiting for a later time, held by a worker.

    `workers` counts the worker processes that listen on this database, whomever they serve.
    """

    due: int
    later: int
    leased: int
    workers: int


async def queue_depth(session: ReadSession, now: datetime) -> QueueDepth:
    """Count what waits; reads only the indexes of what is not done, however much is done."""
    connection = await raw_connection(session)
    row = await connection.fetchrow(
        "SELECT (SELECT count(*) FROM chunk WHERE state = 'ready' AND run_at <= $1) AS due,"
        " (SELECT count(*) FROM chunk WHERE state = 'ready' AND run_at > $1) AS later,"
        " (SELECT count(*) FROM chunk WHERE state = 'leased') AS leased,"
        " (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        "  AND query LIKE 'LISTEN%' || $2 || '%') AS workers",
        now,
        WAKE_CHANNEL,
    )
    if row is None:
        raise RuntimeError("a query of counts gives one row")
    return QueueDepth(row["due"], row["later"], row["leased"], row["workers"])
