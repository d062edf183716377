"""Which groups a resident may see themselves in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from backend.kernel.db import ReadSession, raw_connection
from backend.kernel.tenancy import MunicipalityId

MINE = """
SELECT named.id, named.label_lv, named.label_en, listed.since
FROM resident_fact AS fact
JOIN resident_groups AS kept ON kept.municipality_id = $1 AND kept.slot = fact.slot
CROSS JOIN LATERAL unnest(kept.numbers, kept.since) AS listed (number, since)
JOIN resident_group AS named
  ON named.municipality_id = $1 AND named.number = listed.number AND named.label_lv IS NOT NULL
WHERE fact.municipality_id = $1 AND fact.resident_id = $2 AND fact.closed_on IS NULL
ORDER BY listed.since DESC, named.id
"""
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
