"""Keeping every resident's list of groups in step with the bitmaps, in one statement for all.

`MERGE` looks rows up once; with `ON CONFLICT` each is looked up twice, which is half the time.
"""

from collections.abc import Sequence
from datetime import datetime

from backend.kernel.db import WriteSession, raw_connection
from backend.kernel.tenancy import MunicipalityId
from groups.memberships.by_resident import by_resident
from groups.memberships.outcomes import Delta

RESIDENTS_LOCK = 7_303
"""First key of the advisory lock on a municipality's `resident_groups`; the last lock taken."""

REGROUP = """
MERGE INTO resident_groups AS kept
USING (
  SELECT slot,
    array_agg(number) FILTER (WHERE joins) AS joined,
    array_agg(number) FILTER (WHERE NOT joins) AS gone
  FROM unnest($3::int[], $4::int[], $5::bool[]) AS listed (slot, number, joins)
  GROUP BY slot
) AS change
ON kept.municipality_id = $1 AND kept.slot = change.slot
WHEN MATCHED THEN UPDATE SET
  numbers = CASE
    WHEN gone IS NULL THEN numbers
    WHEN cardinality(gone) = 1 THEN
      numbers[: coalesce(array_position(numbers, gone[1]), 0) - 1]
      || numbers[coalesce(array_position(numbers, gone[1]), 0) + 1 :]
    ELSE coalesce((
      SELECT array_agg(number ORDER BY place)
      FROM unnest(numbers) WITH ORDINALITY AS pair (number, place)
      WHERE number <> ALL (gone)), '{}')
  END || coalesce(joined, '{}'),
  since = CASE
    WHEN gone IS NULL THEN since
    WHEN cardinality(gone) = 1 THEN
      since[: coalesce(array_position(numbers, gone[1]), 0) - 1]
      || since[coalesce(array_position(numbers, gone[1]), 0) + 1 :]
    ELSE coalesce((
      SELECT array_agg(instant ORDER BY place)
      FROM unnest(numbers, since) WITH ORDINALITY AS pair (number, instant, place)
      WHERE number <> ALL (gone)), '{}')
  END || array_fill($2::timestamptz, ARRAY[coalesce(cardinality(joined), 0)])
WHEN NOT MATCHED THEN INSERT (municipality_id, slot, numbers, since)
  VALUES ($1, change.slot, coalesce(joined, '{}'),
    array_fill($2::timestamptz, ARRAY[coalesce(cardinality(joined), 0)]))
"""
LOOK_UP = """
SELECT pg_advisory_xact_lock({lock}, {municipality});
SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL enable_material = off;
SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off
"""
COMPARE_FREELY = """
SET LOCAL enable_hashjoin TO DEFAULT; SET LOCAL enable_mergejoin TO DEFAULT;
SET LOCAL enable_material TO DEFAULT; SET LOCAL enable_seqscan TO DEFAULT;
SET LOCAL enable_bitmapscan TO DEFAULT
"""
"""Row-level security hides from the planner how many rows there are: it would read all residents of
the municipality to change one. And a table that is empty when the statement is planned it would read
from end to end for each new resident, while it grows: minutes for a first evaluation."""


async def regroup(
    session: WriteSession, municipality: MunicipalityId, deltas: Sequence[Delta], now: datetime
) -> None:
    """Write who joined and left; `since` of who stays is kept. Holds all lists until commit."""
    connection = await raw_connection(session)
    places = {"lock": RESIDENTS_LOCK, "municipality": int(municipality)}
    await connection.execute(LOOK_UP.format(**places))
    for changed in by_resident(deltas):
        columns = changed.slots, changed.numbers, changed.joins
        await connection.execute(REGROUP, municipality, now, *columns)
    await connection.execute(COMPARE_FREELY)
