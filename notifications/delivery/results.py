"""Statements of results and counters: what happened, and how many of each.

Nothing here commits; a counter changes in the transaction of what it counts.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.kernel.db import ReadSession, WriteSession, raw_connection
from backend.kernel.tenancy import MunicipalityId
from notifications.channels.ports import Channel
from notifications.delivery.rules import DeliveryState


@dataclass(frozen=True, slots=True)
class ResultRow:
    """What happened to one delivery of a dispatch."""

    channel: Channel
    ordinal: int
    state: DeliveryState
    reason: str = ""
    provider_ref: str = ""


async def insert_results(
    session: WriteSession,
    municipality: MunicipalityId,
    dispatch_id: UUID,
    rows: Sequence[ResultRow],
    now: datetime,
) -> None:
    """Append results (COPY is refused under row-level security, arrays are the next best)."""
    # The raw statement below must find what the session has not written yet.
    await session.flush()
    connection = await raw_connection(session)
    await connection.execute(
        "INSERT INTO delivery_result (municipality_id, dispatch_id, channel, ordinal, state,"
        " reason, provider_ref, at) SELECT $1, $2, c, o, s, r, p, $3 FROM"
        " unnest($4::text[], $5::integer[], $6::text[], $7::text[], $8::text[]) t(c, o, s, r, p)",
        municipality,
        dispatch_id,
        now,
        [row.channel.value for row in rows],
        [row.ordinal for row in rows],
        [row.state.value for row in rows],
        [row.reason for row in rows],
        [row.provider_ref for row in rows],
    )


Moves = Mapping[tuple[Channel, DeliveryState], int]
"""Changes of the counters: by channel and state, how many more (or fewer)."""


async def add_tally(
    session: WriteSession, municipality: MunicipalityId, dispatch_id: UUID, moves: Moves
) -> None:
    """Change a dispatch's counters; written in the transaction of what they count."""
    # The raw statement below must find what the session has not written yet.
    await session.flush()
    changes = [(channel, state, delta) for (channel, state), delta in moves.items() if delta]
    connection = await raw_connection(session)
    await connection.executemany(
        "INSERT INTO tally (municipality_id, dispatch_id, channel, state, delta)"
        " VALUES ($1, $2, $3, $4, $5)",
        [(municipality, dispatch_id, c.value, s.value, delta) for c, s, delta in changes],
    )


async def tally_of(session: ReadSession, municipality: MunicipalityId, dispatch_id: UUID) -> Moves:
    """Sum a dispatch's counters; deliveries that a worker holds now are counted as `sending`."""
    connection = await raw_connection(session)
    counted = await connection.fetch(
        "SELECT channel, state, sum(delta)::integer AS n FROM tally WHERE municipality_id = $1"
        " AND dispatch_id = $2 GROUP BY channel, state",
        municipality,
        dispatch_id,
    )
    leased = await connection.fetch(
        "SELECT channel, planned_as, sum(cardinality(ordinals))::integer AS n FROM chunk"
        " WHERE municipality_id = $1 AND dispatch_id = $2 AND state = 'leased'"
        " GROUP BY channel, planned_as",
        municipality,
        dispatch_id,
    )
    sums = Counter({(Channel(r["channel"]), DeliveryState(r["state"])): r["n"] for r in counted})
    for row in leased:
        sums[Channel(row["channel"]), DeliveryState(row["planned_as"])] -= row["n"]
        sums[Channel(row["channel"]), DeliveryState.SENDING] += row["n"]
    return {key: count for key, count in sums.items() if count}


async def states_of(
    session: ReadSession,
    municipality: MunicipalityId,
    dispatch_id: UUID,
    deliveries: Sequence[tuple[Channel, int]],
) -> Mapping[tuple[Channel, int], DeliveryState]:
    """Tell where deliveries stand by their last result; one without any is left out."""
    connection = await raw_connection(session)
    rows = await connection.fetch(
        # LATERAL, so that each is looked up by itself and never all of a large dispatch's are read.
        "SELECT c AS channel, o AS ordinal, last.state FROM unnest($3::text[], $4::integer[])"
        " wanted(c, o) CROSS JOIN LATERAL (SELECT state FROM delivery_result"
        " WHERE municipality_id = $1 AND dispatch_id = $2 AND channel = c AND ordinal = o"
        " ORDER BY id DESC LIMIT 1) last",
        municipality,
        dispatch_id,
        [channel.value for channel, _ in deliveries],
        [ordinal for _, ordinal in deliveries],
    )
    return {(Channel(r["channel"]), r["ordinal"]): DeliveryState(r["state"]) for r in rows}
