"""Fold receipts into the states and counters of deliveries."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from backend.kernel.db import Database, WriteSession
from backend.kernel.tenancy import Tenants
from notifications.channels.ports import Channel
from notifications.delivery.results import ResultRow, add_tally, insert_results, states_of
from notifications.delivery.rules import DeliveryState, may_move
from notifications.receipts.queries import Receipt, take_receipts

BATCH = 500


async def fold_receipts(database: Database, tenants: Tenants, now: datetime) -> int:
    """Fold up to 500 receipts in one transaction; returns how many were taken."""
    async with database.write(tenants) as session:
        receipts = await take_receipts(session, BATCH)
        ordered = sorted(receipts, key=lambda r: (r.municipality, r.dispatch_id))
        for _, group in groupby(ordered, key=lambda r: (r.municipality, r.dispatch_id)):
            await _fold(session, list(group), now)
    return len(receipts)


async def _fold(session: WriteSession, receipts: Sequence[Receipt], now: datetime) -> None:
    """Apply one dispatch's receipts in order; a report that moves nothing is dropped."""
    key = (receipts[0].municipality, receipts[0].dispatch_id)
    wanted = list({(receipt.channel, receipt.ordinal) for receipt in receipts})
    states = dict(await states_of(session, *key, wanted))
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
    if rows:
        await insert_results(session, *key, rows, now)
        await add_tally(session, *key, moves)
