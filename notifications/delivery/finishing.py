"""The end of a dispatch: told to whoever waits for it."""

from datetime import datetime
from uuid import UUID

from backend.kernel.db import WriteSession
from backend.kernel.outbox import publish, topic
from backend.kernel.tenancy import MunicipalityId
from notifications.delivery.queries import mark_finished

DISPATCH_FINISHED = topic("dispatch.finished")


async def finish_if_done(
    session: WriteSession, municipality: MunicipalityId, dispatch_id: UUID, now: datetime
) -> None:
    """Finish the dispatch, and say so, when no chunk of it is left."""
    if await mark_finished(session, municipality, dispatch_id, now):
        payload = {"dispatchId": str(dispatch_id)}
        await publish(session, municipality, DISPATCH_FINISHED, payload, now)
