"""The rival of chunks: a row for each delivery, claimed by SKIP LOCKED and marked done."""

import time

import asyncpg

from tests.benchmarks.foundation.ground import Ground

BATCH = 500
MOST_SECONDS = 5.0
"""So long rows are claimed; one by one, all of them would take minutes."""
TABLE = """
DROP TABLE IF EXISTS row_delivery;
CREATE TABLE row_delivery (id bigint PRIMARY KEY, state text NOT NULL, lease_until timestamptz);
INSERT INTO row_delivery SELECT n, 'ready', NULL FROM generate_series(1, {rows}) n;
CREATE INDEX ON row_delivery (id) WHERE state = 'ready';
ANALYZE row_delivery
"""
CLAIM = """
UPDATE row_delivery SET state = 'leased', lease_until = now() + interval '1 minute'
WHERE id = ANY (ARRAY(SELECT id FROM row_delivery WHERE state = 'ready'
                      ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)) RETURNING id
"""
DONE = "UPDATE row_delivery SET state = 'done', lease_until = NULL WHERE id = ANY ($1)"


async def claimed_by_rows(ground: Ground, rows: int, batch: int) -> float:
    """Claim and acknowledge rows, `batch` in a transaction each; gives deliveries a second.

    In the same database, on one connection, by prepared statements, without row-level security;
    only the state changes, no result is written.
    """
    connection = await asyncpg.connect(ground.place.postgres.owner_url)
    try:
        await connection.execute(TABLE.format(rows=rows))
        return await _drained(connection, batch)
    finally:
        await connection.close()


async def _drained(connection: asyncpg.Connection, batch: int) -> float:
    began, done = time.perf_counter(), 0
    while (elapsed := time.perf_counter() - began) < MOST_SECONDS:
        claimed = [row["id"] for row in await connection.fetch(CLAIM, batch)]
        if not claimed:
            break
        await connection.execute(DONE, claimed)
        done += len(claimed)
    return done / elapsed
