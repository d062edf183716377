"""Full snapshots: rows are copied into a temporary table, checked there, and merged as a set.

A stage has the columns `line` (where the row stands in its file), `id` (used only when the row is
new), `fingerprint` and `rejected`. A rejected row stays in the stage: what it names is neither
changed nor closed. Temporary tables, because COPY into a table under row-level security is refused;
they vanish at commit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    and_,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.engine import CursorResult
from sqlalchemy.schema import CreateTable
from sqlalchemy.sql import Executable

from backend.kernel.db import WriteSession, raw_connection
from backend.kernel.models import Base
from backend.kernel.tenancy import MunicipalityId

STAGES = MetaData()
"""Kept apart from the schema's metadata: stages are never migrated."""


class Copier(Protocol):
    """The part of an asyncpg connection that COPY needs; asyncpg itself is untyped."""

    async def copy_records_to_table(
        self, table_name: str, *, records: Iterable[Sequence[object]], columns: Sequence[str]
    ) -> str:
        """COPY records into a table in binary form."""
        ...


@dataclass(frozen=True, slots=True)
class Rejection:
    """One staged row that may not land: its line, the column at fault and a stable reason."""

    line: int
    column: str
    code: str


@dataclass(frozen=True, slots=True)
class Landed:
    """What a merge did to a table."""

    rows: int = 0
    added: int = 0
    changed: int = 0
    closed: int = 0

    @property
    def touched(self) -> int:
        """How many rows of the table were written."""
        return self.added + self.changed + self.closed


@dataclass(frozen=True, slots=True)
class Target:
    """Where a stage lands: `keys` and `values` are named alike in the stage and in the table.

    `closed` names the column that is null while the row is open and gets `closing` when a full
    snapshot no longer names the row. `given` has the columns that a new row gets once and for all.
    """

    table: Table
    keys: Sequence[str]
    values: Sequence[str]
    closed: str
    closing: date | datetime
    given: Mapping[str, ColumnElement[Any]] = field(default_factory=dict[str, ColumnElement[Any]])


def stage(name: str, *columns: Column[Any]) -> Table:
    """Declare a temporary table with the columns that every stage has."""
    return Table(
        f"stage_{name}",
        STAGES,
        Column("line", BigInteger, nullable=False),
        Column("id", Uuid, nullable=False),
        Column("fingerprint", LargeBinary),
        Column("rejected", Boolean, nullable=False),
        *columns,
        prefixes=["TEMPORARY"],
        postgresql_on_commit="DROP",
    )


def table_of(model: type[Base]) -> Table:
    """Give a model's table for set operations."""
    return Base.metadata.tables[model.__tablename__]


def texts(*names: str) -> list[Column[str]]:
    """Declare nullable text columns."""
    return [Column(name, Text) for name in names]


def uuids(*names: str) -> list[Column[UUID]]:
    """Declare nullable columns for keys that are found after staging."""
    return [Column(name, Uuid) for name in names]


async def make_stages(session: WriteSession, *tables: Table) -> None:
    """Create stages; they last until the transaction ends."""
    for table in tables:
        await session.execute(CreateTable(table))


async def copy_rows(
    session: WriteSession, table: Table, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """COPY rows into a stage, in the session's transaction."""
    connection = await _copier(session)
    await connection.copy_records_to_table(table.name, records=rows, columns=columns)


async def _copier(session: WriteSession) -> Copier:
    connection: Copier = await raw_connection(session)
    return connection


async def survey_stage(session: WriteSession, table: Table) -> None:
    """Let the planner know how large a freshly filled stage is."""
    await session.execute(text(f"ANALYZE {table.name}"))


async def reject_repeated(
    session: WriteSession, table: Table, keys: Sequence[str], column: str
) -> list[Rejection]:
    """Reject every row whose key already stood on an earlier line."""
    columns = [table.c[key] for key in keys]
    repeated = (
        select(*columns, func.min(table.c.line).label("first"))
        .where(and_(*(each.is_not(None) for each in columns)))
        .group_by(*columns)
        .having(func.count() > 1)
        .subquery()
    )
    same = and_(*(table.c[key] == repeated.c[key] for key in keys))
    condition = and_(same, table.c.line > repeated.c.first)
    return await reject(session, table, condition, column, "repeated")


async def reject(
    session: WriteSession, table: Table, condition: ColumnElement[bool], column: str, code: str
) -> list[Rejection]:
    """Reject the rows that meet a condition; those rejected before are not told again."""
    statement = (
        update(table)
        .where(~table.c.rejected, condition)
        .values(rejected=True)
        .returning(table.c.line)
    )
    lines = (await session.scalars(statement)).all()
    return [Rejection(line, column, code) for line in sorted(lines)]


async def find_keys(
    session: WriteSession,
    table: Table,
    into: str,
    found: ColumnElement[UUID],
    same: ColumnElement[bool],
) -> None:
    """Fill the stage's column `into` with the key found in another table."""
    await session.execute(update(table).where(same).values({into: found}))


async def merge(
    session: WriteSession, municipality: MunicipalityId, source: Table, target: Target
) -> Landed:
    """Make the open rows of a table equal to a stage, writing only what differs."""
    table, same = target.table, _same(municipality, source, target)
    changed = await count_written(session, _change(source, target, same))
    added = await count_written(session, _add(municipality, source, target, same))
    missing = (
        update(table)
        .where(table.c.municipality_id == municipality, table.c[target.closed].is_(None))
        .where(~exists().where(same).correlate(table))
        .values({target.closed: target.closing})
    )
    closed = await count_written(session, missing)
    rows = await session.scalar(select(func.count()).select_from(source).where(~source.c.rejected))
    return Landed(rows or 0, added, changed, closed)


def _same(municipality: MunicipalityId, source: Table, target: Target) -> ColumnElement[bool]:
    table = target.table
    keys = (table.c[key] == source.c[key] for key in target.keys)
    return and_(table.c.municipality_id == municipality, *keys)


def _change(source: Table, target: Target, same: ColumnElement[bool]) -> Executable:
    table = target.table
    differs = or_(table.c.fingerprint != source.c.fingerprint, table.c[target.closed].is_not(None))
    values: Mapping[str, ColumnElement[Any]] = {
        name: source.c[name] for name in (*target.values, "fingerprint")
    }
    return (
        update(table)
        .where(same, ~source.c.rejected, differs)
        .values({**values, target.closed: None})
    )


def _add(
    municipality: MunicipalityId, source: Table, target: Target, same: ColumnElement[bool]
) -> Executable:
    table = target.table
    own = ["id"] if "id" in table.c and "id" not in target.keys else []
    names = [*own, *target.keys, *target.values, "fingerprint"]
    rows = select(
        literal(int(municipality)), *(source.c[name] for name in names), *target.given.values()
    ).where(~source.c.rejected, ~exists().where(same).correlate(source))
    return insert(table).from_select(["municipality_id", *names, *target.given], rows)


def numbered(source: Table, first: int) -> ColumnElement[int]:
    """Give the number of each row that a merge adds: from `first`, by line, without gaps."""
    return func.row_number().over(order_by=source.c.line) - 1 + first


async def count_written(session: WriteSession, statement: Executable) -> int:
    """Run a writing statement and tell how many rows it wrote."""
    result = await session.execute(statement)
    return result.rowcount if isinstance(result, CursorResult) else 0
