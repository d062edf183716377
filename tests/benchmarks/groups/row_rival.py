"""The same memberships kept as rows, evaluated and written by PostgreSQL alone."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import asyncpg
from sqlalchemy import Column, Integer, MetaData, Table, Uuid, func, insert, literal, select

from backend.kernel.db import Database, ReadSession
from backend.kernel.tenancy import APP_ROLE, MunicipalityId
from groups.evaluation.ports import Question, Scope
from groups.evaluation.sql import make_room, selection
from tests.benchmarks.groups.saving import Saved

ROWS = Table(
    "bench_membership",
    MetaData(),
    Column("municipality_id", Integer, primary_key=True),
    Column("group_id", Uuid, primary_key=True),
    Column("slot", Integer, primary_key=True),
)
TABLE = """
CREATE TABLE bench_membership (municipality_id integer, group_id uuid, slot integer,
  PRIMARY KEY (municipality_id, group_id, slot))
"""


async def make_table(admin_url: str) -> None:
    """Make an ordinary table for rows of memberships."""
    connection = await asyncpg.connect(admin_url)
    try:
        await connection.execute(TABLE)
        await connection.execute(f"GRANT SELECT, INSERT ON bench_membership TO {APP_ROLE}")
    finally:
        await connection.close()


async def write_rows(database: Database, groups: Sequence[Saved], as_of: date) -> int:
    """Evaluate every group and write its members as rows; gives how many."""
    written = 0
    for group in groups:
        async with database.write([group.municipality]) as session:
            await make_room(session)
            found = selection(group.municipality, _question(group, as_of)).subquery()
            own = (literal(int(group.municipality)), literal(group.id))
            rows = select(*own, found.c.slot)
            await session.execute(
                insert(ROWS).from_select(["municipality_id", "group_id", "slot"], rows)
            )
            counting = select(func.count()).where(ROWS.c.group_id == group.id)
            written += await session.scalar(counting) or 0
    return written


async def count_nationally(
    session: ReadSession, group: Saved, municipalities: Sequence[MunicipalityId], as_of: date
) -> int:
    """Count, by rows, whom a rule holds for in all municipalities."""
    await make_room(session)
    total = 0
    for municipality in municipalities:
        found = selection(municipality, _question(group, as_of)).subquery()
        total += await session.scalar(select(func.count()).select_from(found)) or 0
    return total


async def sizes(database: Database, groups: Sequence[Saved]) -> Mapping[UUID, int]:
    """Count the rows of each group."""
    tenants = {group.municipality for group in groups}
    async with database.read(tenants) as session:
        rows = await session.execute(
            select(ROWS.c.group_id, func.count()).group_by(ROWS.c.group_id)
        )
        return dict(rows.all())


def _question(group: Saved, as_of: date) -> Question:
    return Question((group.municipality,), group.tree, as_of, Scope.DECLARED)
