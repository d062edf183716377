"""Removing what the queue no longer needs; results, counters and messages stay."""

from datetime import datetime, timedelta

from sqlalchemy import delete, exists

from backend.kernel.db import WriteSession
from backend.kernel.tenancy import MunicipalityId
from notifications.delivery.models import Chunk
from notifications.messages.models import Dispatch

KEEP_CHUNKS = timedelta(days=7)


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
