"""Opening a message: counted once, in the inbox's own counters."""

from datetime import datetime
from uuid import UUID

from backend.kernel.db import WriteSession
from backend.kernel.principals import Principal
from notifications.channels.ports import Channel
from notifications.delivery.results import ResultRow, add_tally, insert_results
from notifications.delivery.rules import DeliveryState
from notifications.inbox import queries
from notifications.inbox.errors import MessageNotFound

OPENED = {
    (Channel.INBOX, DeliveryState.DELIVERED): -1,
    (Channel.INBOX, DeliveryState.OPENED): 1,
}


async def open_message(
    session: WriteSession, resident: Principal, message_id: UUID, now: datetime
) -> None:
    """Note that the resident opened one of their messages; a repeat changes nothing.

    Raises:
        MessageNotFound: not in the resident's inbox.
    """
    row = await queries.find(session, resident.municipality, resident.subject_id, message_id)
    if row is None:
        raise MessageNotFound
    message = row[0]
    if await queries.mark_opened(session, message, now):
        key = (resident.municipality, message.dispatch_id)
        result = ResultRow(Channel.INBOX, message.ordinal, DeliveryState.OPENED)
        await insert_results(session, *key, [result], now)
        await add_tally(session, *key, OPENED)
