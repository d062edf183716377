"""Every statement of the queue, on the transaction's own asyncpg connection.

Lock order: chunk, then dispatch; a cancellation begins with the dispatch, but waits for no chunk.
Nothing here commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from backend.kernel.db import ReadSession, WriteSession, raw_connection
from backend.kernel.ids import new_id
from backend.kernel.tenancy import TENANTS_SETTING, MunicipalityId
from notifications.channels.ports import Channel
from notifications.delivery.rules import DeliveryState, Lane

WAKE_CHANNEL = "novads_chunks"
"""Notification channel of PostgreSQL on which workers listen for new chunks."""


@dataclass(frozen=True, slots=True)
class NewChunk:
    """Deliveries to be queued together."""

    channel: Channel
    lane: Lane
    run_at: datetime
    planned_as: DeliveryState
    ordinals: Sequence[int]
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """A chunk that this worker holds until `lease_until`; `claims` is its fencing token."""

    chunk_id: UUID
    municipality: MunicipalityId
    dispatch_id: UUID
    channel: Channel
    lane: Lane
    claims: int
    tries: int
    planned_as: DeliveryState
    ordinals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class QueuedMessage:
    """The message of one resident, as the engine needs it."""

    ordinal: int
    message_id: UUID
    resident_id: UUID
    language: str


async def insert_chunks(
    session: WriteSession,
    municipality: MunicipalityId,
    dispatch_id: UUID,
    chunks: Sequence[NewChunk],
) -> None:
    """Queue chunks and wake the workers at commit."""
    # The raw statement below must find what the session has not written yet.
    await session.flush()
    connection = await raw_connection(session)
    await connection.executemany(
        "INSERT INTO chunk (municipality_id, id, dispatch_id, channel, lane, run_at, state, claims,"
        " tries, planned_as, ordinals) VALUES ($1, $2, $3, $4, $5, $6, 'ready', 0, $7, $8, $9)",
        [
            (
                municipality,
                new_id(),
                dispatch_id,
                chunk.channel.value,
                chunk.lane.value,
                chunk.run_at,
                chunk.tries,
                chunk.planned_as.value,
                list(chunk.ordinals),
            )
            for chunk in chunks
        ],
    )
    await connection.execute("SELECT pg_notify($1, '')", WAKE_CHANNEL)


CLAIM = """
UPDATE chunk SET state = 'leased', claims = claims + 1, tries = tries + {lost}, lease_until = $2
WHERE (municipality_id, id) = (
  SELECT municipality_id, id FROM chunk WHERE {due}
  ORDER BY {order} LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING municipality_id, id, dispatch_id, channel, lane, claims, tries, planned_as, ordinals
"""
CLAIM_READY = CLAIM.format(
    due="state = 'ready' AND run_at <= $1 AND lane <= $3", order="lane, run_at, id", lost=0
)
CLAIM_ABANDONED = CLAIM.format(
    due="state = 'leased' AND lease_until < $1 AND lane <= $3", order="lease_until", lost=1
)


async def claim_chunk(
    session: WriteSession, now: datetime, lease: timedelta, last_lane: Lane
) -> Claim | None:
    """Lease the most urgent due chunk, or one whose worker let its lease run out.

    Skips chunks that others hold; a lost lease counts as a try. From here on the transaction
    serves only the chunk's municipality.
    """
    connection = await raw_connection(session)
    arguments = (now, now + lease, last_lane.value)
    row = await connection.fetchrow(CLAIM_READY, *arguments)
    row = row or await connection.fetchrow(CLAIM_ABANDONED, *arguments)
    if row is None:
        return None
    await connection.execute(
        "SELECT set_config($1, $2, true)", TENANTS_SETTING, str(row["municipality_id"])
    )
    return Claim(
        chunk_id=row["id"],
        municipality=MunicipalityId(row["municipality_id"]),
        dispatch_id=row["dispatch_id"],
        channel=Channel(row["channel"]),
        lane=Lane(row["lane"]),
        claims=row["claims"],
        tries=row["tries"],
        planned_as=DeliveryState(row["planned_as"]),
        ordinals=tuple(row["ordinals"]),
    )


async def extend_lease(session: WriteSession, claim: Claim, until: datetime) -> bool:
    """Hold the chunk longer; False when another worker has taken it over."""
    connection = await raw_connection(session)
    held = await connection.fetchval(
        "UPDATE chunk SET lease_until = $4 WHERE municipality_id = $1 AND id = $2"
        " AND state = 'leased' AND claims = $3 RETURNING true",
        claim.municipality,
        claim.chunk_id,
        claim.claims,
        until,
    )
    return held is True


async def close_chunk(session: WriteSession, claim: Claim) -> bool:
    """Mark the chunk done if this claim still holds it; locks the chunk."""
    connection = await raw_connection(session)
    held = await connection.fetchval(
        "UPDATE chunk SET state = 'done', lease_until = NULL WHERE municipality_id = $1"
        " AND id = $2 AND state = 'leased' AND claims = $3 RETURNING true",
        claim.municipality,
        claim.chunk_id,
        claim.claims,
    )
    return held is True


async def put_back(session: WriteSession, claim: Claim, run_at: datetime) -> None:
    """Return a chunk untouched, to be claimed again from `run_at` on."""
    connection = await raw_connection(session)
    await connection.execute(
        "UPDATE chunk SET state = 'ready', lease_until = NULL, run_at = $4"
        " WHERE municipality_id = $1 AND id = $2 AND state = 'leased' AND claims = $3",
        claim.municipality,
        claim.chunk_id,
        claim.claims,
        run_at,
    )


CANCEL_READY = """
WITH gone AS (
  UPDATE chunk SET state = 'cancelled' WHERE (municipality_id, id) IN (
    SELECT municipality_id, id FROM chunk
    WHERE municipality_id = $1 AND dispatch_id = $2 AND state = 'ready' FOR UPDATE SKIP LOCKED)
  RETURNING channel, planned_as, ordinals),
told AS (
  INSERT INTO delivery_result
    (municipality_id, dispatch_id, channel, ordinal, state, reason, provider_ref, at)
  SELECT $1, $2, channel, unnest(ordinals), 'cancelled', '', '', $3 FROM gone)
SELECT channel, planned_as, sum(cardinality(ordinals))::integer AS n FROM gone
GROUP BY channel, planned_as
"""


async def cancel_ready(
    session: WriteSession, municipality: MunicipalityId, dispatch_id: UUID, now: datetime
) -> list[tuple[Channel, DeliveryState, int]]:
    """Cancel the waiting chunks of a dispatch, with the results of all their deliveries.

    Gives channel, counted state and number of deliveries. Skips chunks that a worker is claiming
    at this moment; that worker sees the mark on the dispatch, or is the last one to send.
    """
    connection = await raw_connection(session)
    rows = await connection.fetch(CANCEL_READY, municipality, dispatch_id, now)
    return [(Channel(row["channel"]), DeliveryState(row["planned_as"]), row["n"]) for row in rows]


async def mark_cancelled(
    session: WriteSession, municipality: MunicipalityId, dispatch_id: UUID, now: datetime
) -> None:
    """Mark the dispatch: whoever claims a chunk of it from now on sends nothing."""
    connection = await raw_connection(session)
    await connection.execute(
        "UPDATE dispatch SET cancelled_at = $3 WHERE municipality_id = $1 AND id = $2",
        municipality,
        dispatch_id,
        now,
    )


async def is_cancelled(
    session: ReadSession, municipality: MunicipalityId, dispatch_id: UUID
) -> bool:
    """Tell whether the dispatch was cancelled."""
    connection = await raw_connection(session)
    cancelled = await connection.fetchval(
        "SELECT cancelled_at IS NOT NULL FROM dispatch WHERE municipality_id = $1 AND id = $2",
        municipality,
        dispatch_id,
    )
    return cancelled is True


async def messages_of(session: ReadSession, claim: Claim) -> list[QueuedMessage]:
    """List the messages a chunk names, in its order."""
    connection = await raw_connection(session)
    rows = await connection.fetch(
        "SELECT ordinal, id, resident_id, language FROM message WHERE municipality_id = $1"
        " AND dispatch_id = $2 AND ordinal = ANY ($3::integer[]) ORDER BY ordinal",
        claim.municipality,
        claim.dispatch_id,
        list(claim.ordinals),
    )
    return [QueuedMessage(r["ordinal"], r["id"], r["resident_id"], r["language"]) for r in rows]


async def mark_finished(
    session: WriteSession, municipality: MunicipalityId, dispatch_id: UUID, now: datetime
) -> bool:
    """Mark the dispatch finished if no chunk of it is left; True for whoever did so.

    Locks the dispatch, so that of two workers with the last two chunks the later one sees both.
    """
    connection = await raw_connection(session)
    key = (municipality, dispatch_id)
    await connection.execute(
        "SELECT 1 FROM dispatch WHERE municipality_id = $1 AND id = $2 FOR NO KEY UPDATE", *key
    )
    left = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM chunk WHERE municipality_id = $1 AND dispatch_id = $2"
        " AND state IN ('ready', 'leased'))",
        *key,
    )
    if left:
        return False
    done = await connection.fetchval(
        "UPDATE dispatch SET finished_at = $3 WHERE municipality_id = $1 AND id = $2"
        " AND finished_at IS NULL RETURNING true",
        *key,
        now,
    )
    return done is True
