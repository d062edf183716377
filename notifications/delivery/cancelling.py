"""Stopping a dispatch: what no worker holds yet is never sent."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from backend.kernel.db import WriteSession
from backend.kernel.tenancy import MunicipalityId
from notifications.channels.ports import Channel
from notifications.delivery.finishing import finish_if_done
from notifications.delivery.queries import cancel_ready, mark_cancelled
from notifications.delivery.results import add_tally
from notifications.delivery.rules import DeliveryState


async def cancel_dispatch(
    session: WriteSession, municipality: MunicipalityId, dispatch_id: UUID, now: datetime
) -> int:
    """Cancel every chunk that waits; returns how many deliveries that were.

    Chunks that a worker holds are finished by it, without a further try.
    """
    moves: Counter[tuple[Channel, DeliveryState]] = Counter()
    await mark_cancelled(session, municipality, dispatch_id, now)
    cancelled = await cancel_ready(session, municipality, dispatch_id, now)
    for channel, planned_as, count in cancelled:
        moves[channel, planned_as] -= count
        moves[channel, DeliveryState.CANCELLED] += count
    if moves:
        await add_tally(session, municipality, dispatch_id, moves)
        await finish_if_done(session, municipality, dispatch_id, now)
    return sum(count for _, _, count in cancelled)
