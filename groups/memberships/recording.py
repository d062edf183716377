"""Writing what evaluations changed: each table in one statement for all groups."""

from collections.abc import Sequence
from datetime import datetime

from pyroaring import BitMap

from backend.kernel.db import WriteSession, raw_connection
from backend.kernel.tenancy import MunicipalityId
from groups.memberships.outcomes import Delta
from groups.memberships.regrouping import regroup

EVALUATIONS = """
INSERT INTO evaluation (municipality_id, started_at, finished_at, counts_shown, group_id, id,
  rule_version, as_of, cause, joined, "left", members, joined_slots, left_slots)
SELECT $1, $2, $2, true, * FROM unnest($3::uuid[], $4::uuid[], $5::int[], $6::date[], $7::text[],
  $8::int[], $9::int[], $10::int[], $11::bytea[], $12::bytea[])
"""
MEMBERSHIPS = """
INSERT INTO membership (municipality_id, size_shown, group_id, evaluation_id, version, size, slots)
SELECT $1, true, * FROM unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::int[], $6::bytea[])
ON CONFLICT (municipality_id, group_id) DO UPDATE SET slots = excluded.slots,
  size = excluded.size, version = excluded.version, evaluation_id = excluded.evaluation_id
"""


async def record(
    session: WriteSession, municipality: MunicipalityId, deltas: Sequence[Delta], now: datetime
) -> None:
    """Write evaluations, bitmaps and every resident's list of groups, all in step."""
    if not deltas:
        return
    connection = await raw_connection(session)
    groups = [delta.run.of.group_id for delta in deltas]
    runs = [delta.run.id for delta in deltas]
    sizes = [len(delta.slots) for delta in deltas]
    await connection.execute(
        EVALUATIONS,
        int(municipality),
        now,
        groups,
        runs,
        [delta.run.of.rule_version for delta in deltas],
        [delta.run.as_of for delta in deltas],
        [delta.run.cause.value for delta in deltas],
        [len(delta.joined) for delta in deltas],
        [len(delta.left) for delta in deltas],
        sizes,
        [_written(delta.joined) for delta in deltas],
        [_written(delta.left) for delta in deltas],
    )
    versions = [delta.before.version + 1 for delta in deltas]
    slots = [delta.slots.serialize() for delta in deltas]
    await connection.execute(MEMBERSHIPS, int(municipality), groups, runs, versions, sizes, slots)
    await regroup(session, municipality, deltas, now)


def _written(slots: BitMap) -> bytes | None:
    return slots.serialize() if slots else None
