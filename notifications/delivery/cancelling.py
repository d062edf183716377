"""Stopping a dispatch: what no worker holds yet is never sent."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from backend.kernel.db import WriteSession
from backend.kernel.tenancy import MunicipalityId
from notifications.channels.ports import Channel
from notifications.delivery.finishing import finish_if_done
from notifications.delivery.queries import cancel_ready
from notifications.delivery.results import ResultRow, add_tally, insert_results
from notifications.delivery.rules import DeliveryState


async def cancel_dispatch(
    session: WriteSession, municipality: MunicipalityId, dispatch_id: UUID, now: datetime
) -> int:
    """Cancel every chunk that waits; returns how many deliveries that were.

    Chunks that a worker holds are finished by it.
    """
    moves: Counter[tuple[Channel, DeliveryState]] = Counter()
    rows: list[ResultRow] = []
    for channel, planned_as, ordinals in await cancel_ready(session, municipality, dispatch_id):
        rows.extend(ResultRow(channel, o, DeliveryState.CANCELLED) for o in ordinals)
        moves[channel, planned_as] -= len(ordinals)
        moves[channel, DeliveryState.CANCELLED] += len(ordinals)
    if rows:
        await insert_results(session, municipality, dispatch_id, rows, now)
        await add_tally(session, municipality, dispatch_id, moves)
        await finish_if_done(session, municipality, dispatch_id, now)
    return len(rows)
