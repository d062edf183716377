"""Statements of receipts."""

from collections.abc import Sequence
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

    id: int
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
            due_at=now,
        )
    )


DUE = """
SELECT id, municipality_id, dispatch_id, channel, ordinal, state, reason, provider_ref
FROM provider_receipt WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2
"""


async def due_receipts(session: WriteSession, now: datetime, limit: int) -> list[Receipt]:
    """List the oldest due receipts, holding the folding lock until commit; none if another folds.

    Reads along an index: however many wait, and however much was ever sent, it takes as long.
    """
    connection = await raw_connection(session)
    if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", FOLDING_LOCK):
        return []
    return [
        Receipt(
            id=row["id"],
            municipality=MunicipalityId(row["municipality_id"]),
            dispatch_id=row["dispatch_id"],
            channel=Channel(row["channel"]),
            ordinal=row["ordinal"],
            state=DeliveryState(row["state"]),
            reason=row["reason"],
            provider_ref=row["provider_ref"],
        )
        for row in await connection.fetch(DUE, now, limit)
    ]


async def remove(
    session: WriteSession, municipality: MunicipalityId, receipts: Sequence[Receipt]
) -> None:
    """Remove receipts that were folded in."""
    connection = await raw_connection(session)
    await connection.execute(
        "DELETE FROM provider_receipt WHERE municipality_id = $1 AND id = ANY ($2::bigint[])",
        municipality,
        [receipt.id for receipt in receipts],
    )


async def postpone(
    session: WriteSession,
    municipality: MunicipalityId,
    receipts: Sequence[Receipt],
    due_at: datetime,
) -> None:
    """Let receipts come again later."""
    connection = await raw_connection(session)
    await connection.execute(
        "UPDATE provider_receipt SET due_at = $3"
        " WHERE municipality_id = $1 AND id = ANY ($2::bigint[])",
        municipality,
        [receipt.id for receipt in receipts],
        due_at,
    )
