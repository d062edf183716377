"""Removing what the queue no longer needs; results, sums of counters and messages stay."""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists

from backend.kernel.db import WriteSession, raw_connection
from backend.kernel.tenancy import MunicipalityId
from notifications.delivery.models import Chunk
from notifications.messages.models import Dispatch

KEEP_CHUNKS = timedelta(days=7)
MOST_TALLIES = 200
"""Changes of one dispatch's counters from which they are summed up."""

SUM_UP = """
WITH many AS (
  SELECT dispatch_id FROM tally WHERE municipality_id = $1 GROUP BY dispatch_id
  HAVING count(*) > $2),
gone AS (
  DELETE FROM tally WHERE municipality_id = $1 AND dispatch_id IN (SELECT dispatch_id FROM many)
  RETURNING dispatch_id, channel, state, delta)
INSERT INTO tally (municipality_id, dispatch_id, channel, state, delta)
SELECT $1, dispatch_id, channel, state, sum(delta)::integer FROM gone
GROUP BY dispatch_id, channel, state HAVING sum(delta) <> 0
"""


async def purge_done_chunks(
    session: WriteSession, municipality: MunicipalityId, now: datetime
) -> None:
    """Remove the chunks of dispatches that were finished a week ago."""
    finished = exists().where(
        Dispatch.municipality_id == Chunk.municipality_id,
        Dispatch.id == Chunk.dispatch_id,
        Dispatch.finished_at < now - KEEP_CHUNKS,
    )
    await session.execute(delete(Chunk).where(Chunk.municipality_id == municipality, finished))


async def sum_up_tallies(session: WriteSession, municipality: MunicipalityId) -> None:
    """Replace the many changes of a dispatch's counters by their sums.

    Every opening is two changes, and whoever looks at the counters adds all of them up. Changes
    written meanwhile stay as they are.
    """
    connection = await raw_connection(session)
    await connection.execute(SUM_UP, municipality, MOST_TALLIES)
