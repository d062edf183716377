"""What columns are filled from: COPY to the client, every row of the same width.

Nothing is null on the way: what is unknown comes as the sentinel of its column, texts come as
hashes of the texts that belong together, and the texts behind the hashes are read once. Only open
rows are read; a closed address is no address. The numbers written into statements are the
municipality's, the seed of the hashes, and slots.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.kernel.db import ReadSession, raw_connection
from backend.kernel.tenancy import MunicipalityId
from groups.columns.layout import NO_DAY, NO_NUMBER, NO_POINT

Rows = NDArray[np.void]
"""Rows by field name, big-endian as they came."""

WIDTHS = {"i2": 2, "i4": 4, "i8": 8}
HEADER_BYTES = 19
TRAILER_BYTES = 2

PLACE = """
hash_record_extended(ROW(a.parish, a.town, a.street, a.postcode), {seed}),
coalesce(substring(a.house FROM '^[0-9]{{1,4}}')::smallint, {no_number}::smallint),
coalesce(round(a.easting * 100)::int, {no_point}), coalesce(round(a.northing * 100)::int, {no_point})
"""
PLACE_FIELDS = {"place": "i8", "house_number": "i2", "easting": "i4", "northing": "i4"}


@dataclass(frozen=True, slots=True)
class Reading:
    """One COPY: the fields of its rows with their binary types, and the query."""

    fields: Mapping[str, str]
    query: str


READINGS: Mapping[str, Reading] = {
    "residents": Reading(
        {
            "slot": "i4",
            "birth_date": "i4",
            "declared_since": "i4",
            "household": "i4",
            "reach": "i2",
            "profile": "i8",
            **PLACE_FIELDS,
        },
        """
        SELECT f.slot, coalesce(f.birth_on - date '1970-01-01', {no_day}),
          coalesce(f.declared_since - date '1970-01-01', {no_day}),
          coalesce(h.number, -1), f.reach,
          hash_record_extended(ROW(f.sex, f.language, f.citizenship, f.residence), {seed}),
          {place}
        FROM resident_fact f
        LEFT JOIN household h ON h.municipality_id = f.municipality_id AND h.id = f.household_id
        LEFT JOIN address a ON a.municipality_id = f.municipality_id AND a.id = f.address_id
          AND a.closed_at IS NULL
        WHERE f.municipality_id = {municipality} AND f.closed_on IS NULL {only}
        """,
    ),
    "interests": Reading(
        {"slot": "i4", "word": "i8"},
        """
        SELECT f.slot, hashtextextended(unnest(f.interests), {seed}) FROM resident_fact f
        WHERE f.municipality_id = {municipality} AND f.closed_on IS NULL
          AND f.interests <> '{{}}' {only}
        """,
    ),
    "social_statuses": Reading(
        {"slot": "i4", "word": "i8"},
        """
        SELECT f.slot, hashtextextended(unnest(f.social_statuses), {seed}) FROM resident_fact f
        WHERE f.municipality_id = {municipality} AND f.closed_on IS NULL
          AND f.social_statuses <> '{{}}' {only}
        """,
    ),
    "children": Reading(
        {"slot": "i4", "target": "i4"},
        """
        SELECT f.slot, c.slot FROM resident_fact f
        JOIN guardianship g ON g.municipality_id = f.municipality_id
          AND g.guardian_id = f.resident_id AND g.closed_on IS NULL
        JOIN resident_fact c ON c.municipality_id = f.municipality_id
          AND c.resident_id = g.child_id
        WHERE f.municipality_id = {municipality} AND f.closed_on IS NULL {only}
        """,
    ),
    "institutions": Reading(
        {"slot": "i4", "institution": "i8"},
        """
        SELECT f.slot, hash_record_extended(ROW(i.kind, i.name), {seed}) FROM resident_fact f
        JOIN attendance b ON b.municipality_id = f.municipality_id
          AND b.resident_id = f.resident_id AND b.closed_on IS NULL
        JOIN institution i ON i.municipality_id = f.municipality_id
          AND i.id = b.institution_id AND i.closed_on IS NULL
        WHERE f.municipality_id = {municipality} AND f.closed_on IS NULL {only}
        """,
    ),
    "properties": Reading(
        {"slot": "i4", "property": "i8", **PLACE_FIELDS},
        """
        SELECT f.slot, hash_record_extended(ROW(p.kind), {seed}), {place}
        FROM resident_fact f
        JOIN property p ON p.municipality_id = f.municipality_id
          AND p.resident_id = f.resident_id AND p.closed_on IS NULL
        LEFT JOIN address a ON a.municipality_id = f.municipality_id AND a.id = p.address_id
          AND a.closed_at IS NULL
        WHERE f.municipality_id = {municipality} AND f.closed_on IS NULL {only}
        """,
    ),
    "vehicles": Reading(
        {"slot": "i4", "vehicle": "i8"},
        """
        SELECT f.slot, hash_record_extended(ROW(v.kind, v.fuel), {seed}) FROM resident_fact f
        JOIN vehicle v ON v.municipality_id = f.municipality_id
          AND v.resident_id = f.resident_id AND v.closed_on IS NULL
        WHERE f.municipality_id = {municipality} AND f.closed_on IS NULL {only}
        """,
    ),
    "pets": Reading(
        {"slot": "i4", "pet": "i8"},
        """
        SELECT f.slot, hash_record_extended(ROW(p.species), {seed}) FROM resident_fact f
        JOIN pet p ON p.municipality_id = f.municipality_id
          AND p.resident_id = f.resident_id AND p.closed_on IS NULL
        WHERE f.municipality_id = {municipality} AND f.closed_on IS NULL {only}
        """,
    ),
    "former_addresses": Reading(
        {"slot": "i4", "since": "i4", "until": "i4", **PLACE_FIELDS},
        """
        SELECT f.slot, w.since - date '1970-01-01', w.until - date '1970-01-01', {place}
        FROM resident_fact f
        JOIN former_address w ON w.municipality_id = f.municipality_id
          AND w.resident_id = f.resident_id AND w.closed_on IS NULL
        LEFT JOIN address a ON a.municipality_id = f.municipality_id AND a.id = w.address_id
          AND a.closed_at IS NULL
        WHERE f.municipality_id = {municipality} AND f.closed_on IS NULL {only}
        """,
    ),
}
"""Where each table of a population is read; `slot` is the resident that a row belongs to.

`target` is the slot of the child, open or not.
"""

TEXTS: Mapping[str, str] = {
    "profile": """
        SELECT hash_record_extended(ROW(sex, language, citizenship, residence), {seed}),
          sex, language, citizenship, residence
        FROM resident_fact WHERE municipality_id = {municipality} AND closed_on IS NULL
        GROUP BY sex, language, citizenship, residence
        """,
    "place": """
        SELECT hash_record_extended(ROW(parish, town, street, postcode), {seed}),
          parish, town, street, postcode
        FROM address WHERE municipality_id = {municipality} AND closed_at IS NULL
        GROUP BY parish, town, street, postcode
        UNION ALL
        SELECT hash_record_extended(
            ROW(NULL::varchar, NULL::varchar, NULL::varchar, NULL::varchar), {seed}),
          NULL, NULL, NULL, NULL
        """,
    "interests": """
        SELECT hashtextextended(word, {seed}), word
        FROM resident_fact, unnest(interests) AS word
        WHERE municipality_id = {municipality} AND closed_on IS NULL GROUP BY word
        """,
    "social_statuses": """
        SELECT hashtextextended(word, {seed}), word
        FROM resident_fact, unnest(social_statuses) AS word
        WHERE municipality_id = {municipality} AND closed_on IS NULL GROUP BY word
        """,
    "institution": """
        SELECT hash_record_extended(ROW(kind, name), {seed}), kind, name
        FROM institution WHERE municipality_id = {municipality} AND closed_on IS NULL
        GROUP BY kind, name
        """,
    "property": """
        SELECT hash_record_extended(ROW(kind), {seed}), kind
        FROM property WHERE municipality_id = {municipality} AND closed_on IS NULL GROUP BY kind
        """,
    "vehicle": """
        SELECT hash_record_extended(ROW(kind, fuel), {seed}), kind, fuel
        FROM vehicle WHERE municipality_id = {municipality} AND closed_on IS NULL
        GROUP BY kind, fuel
        """,
    "pet": """
        SELECT hash_record_extended(ROW(species), {seed}), species
        FROM pet WHERE municipality_id = {municipality} AND closed_on IS NULL GROUP BY species
        """,
}
"""The texts behind the hashes: each hash once, then the texts that it is of."""

HASH_WHOLE = """
SELECT set_config('enable_nestloop', 'off', true), set_config('work_mem', '256MB', true),
  set_config('jit', 'off', true)
"""
"""For reading a whole municipality; the planner believes that row-level security passes one row."""
AS_BEFORE = """
SELECT set_config('enable_nestloop', $1, true), set_config('work_mem', $2, true),
  set_config('jit', $3, true)
"""
SETTINGS = """
SELECT current_setting('enable_nestloop'), current_setting('work_mem'), current_setting('jit')
"""


@dataclass(frozen=True, slots=True)
class Source:
    """One municipality's facts as a session sees them; `seed` is that of the hashes."""

    session: ReadSession
    municipality: MunicipalityId
    seed: int = 0

    async def rows(self, name: str, slots: Collection[int] | None) -> Rows:
        """Read the rows of one table; with `slots` those of these residents only."""
        reading = READINGS[name]
        only = ""
        if slots is not None:
            listed = ",".join(str(int(slot)) for slot in slots)
            only = f"AND f.slot = ANY ('{{{listed}}}'::int[])"
        numbers = {
            "municipality": int(self.municipality),
            "seed": int(self.seed),
            "no_day": NO_DAY,
            "no_number": NO_NUMBER,
            "no_point": NO_POINT,
        }
        query = reading.query.format(place=PLACE.format(**numbers), only=only, **numbers)
        copied = bytearray()

        async def take(chunk: bytes) -> None:
            copied.extend(chunk)

        connection = await raw_connection(self.session)
        await connection.copy_from_query(query, output=take, format="binary")
        return _parsed(copied, reading.fields)

    async def texts(self, name: str) -> list[tuple[int, tuple[str | None, ...]]]:
        """Read all the texts of one kind, each with its hash."""
        query = TEXTS[name].format(municipality=int(self.municipality), seed=int(self.seed))
        connection = await raw_connection(self.session)
        return [(row[0], tuple(row)[1:]) for row in await connection.fetch(query)]


async def read_all(source: Source) -> dict[str, Rows]:
    """Read every table of a whole municipality."""
    connection = await raw_connection(source.session)
    before = await connection.fetchrow(SETTINGS)
    await connection.execute(HASH_WHOLE)
    read = {name: await source.rows(name, None) for name in READINGS}
    await connection.execute(AS_BEFORE, *(before or ()))
    return read


def _parsed(copied: bytearray, fields: Mapping[str, str]) -> Rows:
    """Read the rows of a binary COPY in place.

    Raises:
        ValueError: a row has another width, as if something were null.
    """
    formats = [("count", ">i2")]
    for name, kind in fields.items():
        formats += [(f"{name} bytes", ">i4"), (name, f">{kind}")]
    row = np.dtype(formats)
    count, rest = divmod(len(copied) - HEADER_BYTES - TRAILER_BYTES, row.itemsize)
    rows = np.frombuffer(copied, dtype=row, count=max(count, 0), offset=HEADER_BYTES)
    widths = (rows[f"{name} bytes"] == WIDTHS[kind] for name, kind in fields.items())
    if rest or not all(same.all() for same in widths):
        raise ValueError("a row of facts has another width")
    return rows
