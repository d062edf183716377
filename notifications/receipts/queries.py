"""Statements of receipts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.kernel.db import WriteSession, raw_connection
from backend.kernel.tenancy import MunicipalityId
from notifications.channels.ports import Channel
from notifications.delivery.models import ProviderReceipt
from notifications.delivery.references import DeliveryKey
from notifications.delivery.rules import DeliveryState

FOLDING_LOCK = 0x6E6F7601
"""Advisory lock of the one folder: two at once could count one move twice."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt that waits to be folded in."""

    municipality: MunicipalityId
    dispatch_id: UUID
    channel: Channel
    ordinal: int
    state: DeliveryState
    reason: str
    provider_ref: str


def insert_receipt(
    session: WriteSession,
    delivery: DeliveryKey,
    meaning: tuple[DeliveryState, str],
    provider_ref: str,
    now: datetime,
) -> None:
    """Record a receipt as received."""
    session.add(
        ProviderReceipt(
            municipality_id=delivery.municipality,
            dispatch_id=delivery.dispatch_id,
            channel=delivery.channel.value,
            ordinal=delivery.ordinal,
            state=meaning[0].value,
            reason=meaning[1],
            provider_ref=provider_ref,
            received_at=now,
        )
    )


TAKE = """
DELETE FROM provider_receipt WHERE (municipality_id, id) IN (
  SELECT p.municipality_id, p.id FROM provider_receipt p
  WHERE EXISTS (SELECT FROM delivery_result r WHERE r.municipality_id = p.municipality_id
    AND r.dispatch_id = p.dispatch_id AND r.channel = p.channel AND r.ordinal = p.ordinal)
  ORDER BY p.id LIMIT $1)
RETURNING municipality_id, dispatch_id, channel, ordinal, state, reason, provider_ref, id
"""


async def take_receipts(session: WriteSession, limit: int) -> list[Receipt]:
    """Take the oldest receipts, holding the folding lock until commit; none if another folds.

    A receipt that overtook the acknowledgement of its own send waits for it.
    """
    connection = await raw_connection(session)
    if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", FOLDING_LOCK):
        return []
    rows = await connection.fetch(TAKE, limit)
    return [
        Receipt(
            municipality=MunicipalityId(row["municipality_id"]),
            dispatch_id=row["dispatch_id"],
            channel=Channel(row["channel"]),
            ordinal=row["ordinal"],
            state=DeliveryState(row["state"]),
            reason=row["reason"],
            provider_ref=row["provider_ref"],
        )
        for row in sorted(rows, key=lambda row: row["id"])
    ]
