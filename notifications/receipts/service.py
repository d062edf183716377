"""Fold receipts into the states and counters of deliveries."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from backend.kernel.db import Database, WriteSession
from backend.kernel.tenancy import Tenants
from notifications.channels.ports import Channel
from notifications.delivery.results import ResultRow, add_tally, insert_results, states_of
from notifications.delivery.rules import DeliveryState, may_move
from notifications.receipts import queries
from notifications.receipts.queries import Receipt

BATCH = 500
EARLY = timedelta(seconds=2)
"""After so long a receipt that overtook the acknowledgement of its own send is looked at again."""


async def fold_receipts(database: Database, tenants: Tenants, now: datetime) -> int:
    """Fold up to 500 receipts in one transaction; returns how many were looked at."""
    async with database.write(tenants) as session:
        receipts = await queries.due_receipts(session, now, BATCH)
        ordered = sorted(receipts, key=lambda r: (r.municipality, r.dispatch_id, r.id))
        for _, group in groupby(ordered, key=lambda r: (r.municipality, r.dispatch_id)):
            await _fold(session, list(group), now)
    return len(receipts)


async def _fold(session: WriteSession, receipts: Sequence[Receipt], now: datetime) -> None:
    """Apply one dispatch's receipts in order; a report that moves nothing is dropped."""
    key = (receipts[0].municipality, receipts[0].dispatch_id)
    wanted = list({(receipt.channel, receipt.ordinal) for receipt in receipts})
    states = dict(await states_of(session, *key, wanted))
    early = [receipt for receipt in receipts if (receipt.channel, receipt.ordinal) not in states]
    known = [receipt for receipt in receipts if (receipt.channel, receipt.ordinal) in states]
    rows, moves = _moved(known, states)
    if rows:
        await insert_results(session, *key, rows, now)
        await add_tally(session, *key, moves)
    await queries.remove(session, key[0], known)
    await queries.postpone(session, key[0], early, now + EARLY)


def _moved(
    receipts: Sequence[Receipt], states: dict[tuple[Channel, int], DeliveryState]
) -> tuple[list[ResultRow], Counter[tuple[Channel, DeliveryState]]]:
    rows: list[ResultRow] = []
    moves: Counter[tuple[Channel, DeliveryState]] = Counter()
    for receipt in receipts:
        delivery = (receipt.channel, receipt.ordinal)
        if not may_move(states[delivery], receipt.state):
            continue
        moves[receipt.channel, states[delivery]] -= 1
        moves[receipt.channel, receipt.state] += 1
        states[delivery] = receipt.state
        rows.append(ResultRow(*delivery, receipt.state, receipt.reason, receipt.provider_ref))
    return rows, moves
