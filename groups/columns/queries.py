"""Reading facts by COPY to the client in binary form, every row of the same width.

The numbers written into statements are the municipality's, the seed of the hashes, and slots.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count

import asyncpg
import numpy as np
from numpy.typing import NDArray

from backend.kernel.db import ReadSession, raw_connection
from backend.kernel.tenancy import MunicipalityId
from groups.columns.layout import NO_DAY, NO_NUMBER, NO_POINT
from groups.columns.readings import OF_RELATIONS, OWN, READINGS, TEXTS, Owned, Reading
from groups.columns.words import Texts

Rows = Mapping[str, NDArray[np.integer]]
"""Rows of one table by field."""
Read = Mapping[str, Rows]
"""Rows by table."""

WIDTHS = {"i2": 2, "i4": 4, "i8": 8}
PADDING = {"i2": "0::smallint", "i4": "0", "i8": "0::bigint"}
HEADER_BYTES = 19
TRAILER_BYTES = 2

WIDE = ("i4",) * 6 + ("i2",) * 2 + ("i8",) * 5
"""The fields of a row of any table, when all are read at once; each takes the first of its type."""

EVERYBODY = (
    "(SELECT * FROM resident_fact WHERE municipality_id = {municipality} AND closed_on IS NULL)"
)
APART = "OFFSET 0"
"""PostgreSQL makes out such a subquery by itself, and not again for every row joined to it."""
LIVING = "residents"
"""The one table with more rows than there are addresses."""
WHO = """
WITH who AS MATERIALIZED (
  SELECT * FROM resident_fact WHERE municipality_id = {municipality} AND closed_on IS NULL
    AND slot = ANY (ARRAY(SELECT unnest({who})))
)
"""
"""In a subquery, for PostgreSQL 15 would read the whole municipality if it knew how many slots there are."""

JOIN_WHOLE = """
SAVEPOINT reading; SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '256MB'; SET LOCAL jit = off
"""
"""For a whole municipality; the planner believes that row-level security passes one row."""
JOIN_SOME = """
SAVEPOINT reading; SET LOCAL enable_seqscan = off; SET LOCAL enable_nestloop = off;
SET LOCAL enable_mergejoin = off; SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off
"""
"""For some residents: by index, whatever the planner believes of their number, and by one scan with
all keys, because a scan for each key makes out anew whose rows may be seen."""
AS_BEFORE = "ROLLBACK TO SAVEPOINT reading; RELEASE SAVEPOINT reading"


@dataclass(frozen=True, slots=True)
class Source:
    """One municipality's facts as a session sees them; `seed` is that of the hashes."""

    session: ReadSession
    municipality: MunicipalityId
    seed: int = 0

    async def everybody(self) -> Read:
        """Read all rows of every table."""
        connection = await raw_connection(self.session)
        await connection.execute(JOIN_WHOLE)
        read: dict[str, Rows] = {}
        for name, reading in READINGS.items():
            expressions = [expression for _, expression in reading.fields.values()]
            apart = APART if name == LIVING else ""
            query = self._filled(_whole(expressions, reading, apart))
            fields = {name: kind for name, (kind, _) in reading.fields.items()}
            read[name] = _parsed(await _copied(connection, query), fields)
        await connection.execute(AS_BEFORE)
        return read

    @asynccontextmanager
    async def looking_up(self) -> AsyncGenerator[None]:
        """Read some residents within this block."""
        connection = await raw_connection(self.session)
        await connection.execute(JOIN_SOME)
        yield
        await connection.execute(AS_BEFORE)

    async def own(self, slots: Sequence[int]) -> Read:
        """Read what tells of these residents themselves; within `looking_up`."""
        return await self._some(WHO, OWN, who=_listed(slots))

    async def owned(self, slots: Mapping[str, Sequence[int]]) -> Read:
        """Read what these residents own, by relation; within `looking_up`."""
        asked = {name: OF_RELATIONS[name] for name in slots}
        theirs = [_theirs(name, reading.owned) for name, reading in asked.items() if reading.owned]
        whoever = sorted({slot for each in slots.values() for slot in each})
        listed = {name: _listed(each) for name, each in slots.items()}
        return await self._some(", ".join([WHO, *theirs]), asked, who=_listed(whoever), **listed)

    async def _some(self, whose: str, asked: Mapping[str, Reading], **slots: str) -> Read:
        """Read several tables by one statement, whose rows are wide enough for any of them."""
        connection = await raw_connection(self.session)
        selects = [
            _some([f"{number}::smallint", *_widened(reading)], reading)
            for number, reading in enumerate(asked.values())
        ]
        query = self._filled(whose + " UNION ALL ".join(selects), **slots)
        fields = {"table": "i2"} | {f"{place}": kind for place, kind in enumerate(WIDE)}
        return _apart(_parsed(await _copied(connection, query), fields), asked)

    async def texts(self, name: str, slots: Sequence[int] = ()) -> list[tuple[int, Texts]]:
        """Read the texts of one kind, each with its hash.

        Of what stands with the residents themselves only those of `slots`.
        """
        connection = await raw_connection(self.session)
        query = self._filled(TEXTS[name], slots=_listed(slots))
        return [(row[0], tuple(row)[1:]) for row in await connection.fetch(query)]

    def _filled(self, statement: str, **others: str) -> str:
        return statement.format(
            municipality=int(self.municipality),
            seed=int(self.seed),
            no_day=NO_DAY,
            no_number=NO_NUMBER,
            no_point=NO_POINT,
            **others,
        )


def _listed(slots: Sequence[int]) -> str:
    return f"'{{{','.join(str(int(slot)) for slot in slots)}}}'::int[]"


def _whole(expressions: Sequence[str], reading: Reading, apart: str) -> str:
    """Read the rows of everybody."""
    owned = f"({reading.owned.rows})" if reading.owned else ""
    found = [f"({each.rows} {apart})" for each in reading.found]
    return _select(expressions, reading, EVERYBODY, owned, found)


def _some(expressions: Sequence[str], reading: Reading) -> str:
    """Read the rows of `who`."""
    owned = _name(reading.owned) if reading.owned else ""
    narrowed = "({} AND {} = ANY (ARRAY(SELECT {} FROM {})))"
    found = [
        narrowed.format(each.rows, each.key, each.column, owned or "who") for each in reading.found
    ]
    return _select(expressions, reading, "who", owned, found)


def _theirs(relation: str, owned: Owned) -> str:
    """Name the rows of a relation that belong to the residents listed for it."""
    owners = f"SELECT resident_id FROM who WHERE slot = ANY ({{{relation}}})"  # noqa: S608 - our own names
    return (
        f"{_name(owned)} AS MATERIALIZED ({owned.rows} AND {owned.owner} = ANY (ARRAY({owners})))"
    )


def _name(owned: Owned) -> str:
    return f"{owned.table}_of"


def _select(
    expressions: Sequence[str], reading: Reading, who: str, owned: str, found: Sequence[str]
) -> str:
    parts = ["SELECT", ", ".join(expressions), "FROM", who, "f"]
    of = "f"
    if reading.owned:
        of = reading.owned.alias
        parts.append(f"JOIN {owned} {of} ON {of}.{reading.owned.owner} = f.resident_id")
    for each, rows in zip(reading.found, found, strict=True):
        join = "JOIN" if each.always else "LEFT JOIN"
        parts.append(f"{join} {rows} {each.alias} ON {each.alias}.{each.key} = {of}.{each.column}")
    if reading.condition:
        parts += ["WHERE", reading.condition]
    return " ".join(parts)


def _places(reading: Reading) -> dict[str, int]:
    """Give each field its place in a wide row."""
    free = {kind: count(WIDE.index(kind)) for kind in WIDTHS}
    return {name: next(free[kind]) for name, (kind, _) in reading.fields.items()}


def _widened(reading: Reading) -> list[str]:
    expressions = [PADDING[kind] for kind in WIDE]
    for name, place in _places(reading).items():
        expressions[place] = reading.fields[name][1]
    return expressions


def _apart(wide: Rows, asked: Mapping[str, Reading]) -> Read:
    """Sort wide rows into their tables."""
    read: dict[str, Rows] = {}
    for number, (table, reading) in enumerate(asked.items()):
        chosen = wide["table"] == number
        read[table] = {name: wide[f"{place}"][chosen] for name, place in _places(reading).items()}
    return read


async def _copied(connection: asyncpg.Connection, query: str) -> bytearray:
    copied = bytearray()

    async def take(chunk: bytes) -> None:
        copied.extend(chunk)

    await connection.copy_from_query(query, output=take, format="binary")
    return copied


def _parsed(copied: bytearray, fields: Mapping[str, str]) -> Rows:
    """Read the fields of the rows of a binary COPY.

    Raises:
        ValueError: a row has another width, as if something were null.
    """
    formats = [("count", ">i2")]
    for name, kind in fields.items():
        formats += [(f"{name} bytes", ">i4"), (name, f">{kind}")]
    row = np.dtype(formats)
    size, rest = divmod(len(copied) - HEADER_BYTES - TRAILER_BYTES, row.itemsize)
    rows = np.frombuffer(copied, dtype=row, count=max(size, 0), offset=HEADER_BYTES)
    widths = (rows[f"{name} bytes"] == WIDTHS[kind] for name, kind in fields.items())
    if rest or not all(same.all() for same in widths):
        raise ValueError("a row of facts has another width")
    return {name: rows[name].astype(f"={kind}") for name, kind in fields.items()}
