"""Which groups a resident may see themselves in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from backend.kernel.db import ReadSession, raw_connection
from backend.kernel.tenancy import MunicipalityId

MINE = """
WITH listed AS MATERIALIZED (
  SELECT numbers, since FROM resident_groups
  WHERE municipality_id = $1 AND slot = (
    SELECT slot FROM resident_fact
    WHERE municipality_id = $1 AND resident_id = $2 AND closed_on IS NULL)
), named AS (
  SELECT id, label_lv, label_en,
    (SELECT since FROM listed)[array_position((SELECT numbers FROM listed), number)] AS since
  FROM resident_group
  WHERE municipality_id = $1 AND number = ANY ((SELECT numbers FROM listed)::int[])
    AND label_lv IS NOT NULL
)
SELECT id, label_lv, label_en, since FROM named ORDER BY since DESC, id
"""
"""Without joins: what the planner believes of tables of which it has no figures yet, and of row-level
security, would have it read every resident of the municipality."""
FOLLOWED = "SELECT as_of FROM engine_state WHERE municipality_id = $1"
"""Past SQLAlchemy, as the app asks at every start."""


@dataclass(frozen=True, slots=True)
class Belonging:
    """A labelled group that a resident belongs to, and since when."""

    group_id: UUID
    label_lv: str
    label_en: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Belongings:
    """Labelled groups, the newest belonging first, followed up to the civil day `as_of`.

    `as_of` is None until the municipality has been followed for the first time.
    """

    groups: Sequence[Belonging]
    as_of: date | None


async def belongings_of(
    session: ReadSession, municipality: MunicipalityId, resident_id: UUID
) -> Belongings:
    """List the labelled groups that a resident belongs to now; who was struck off, to none."""
    connection = await raw_connection(session)
    rows = await connection.fetch(MINE, municipality, resident_id)
    as_of = await connection.fetchval(FOLLOWED, municipality)
    return Belongings([Belonging(*row) for row in rows], as_of)
