"""Snapshots: rows are copied into a temporary table, checked there, and merged as a set.

A stage has the columns `line` (where the row stands in its file), `fingerprint`, `rejected` and
`removed` (the row says that its thing is no longer there). A rejected row stays in the stage: what
it names is neither changed nor closed. Temporary tables, because COPY into a table under row-level
security is refused; they vanish at commit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Insert,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Update,
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
from sqlalchemy.sql import Executable, FromClause

from backend.kernel.db import WriteSession, raw_connection
from backend.kernel.models import Base
from backend.kernel.tenancy import MunicipalityId

STAGES = MetaData()
"""Kept apart from the schema's metadata: stages are never migrated."""


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


class Closing(Enum):
    """What a merge closes."""

    MISSING = "missing"
    """Whatever the stage does not name: it holds a full snapshot."""
    REMOVED = "removed"
    """Only what a row says is no longer there."""


@dataclass(frozen=True, slots=True)
class Gathering:
    """Where a merge puts the `column` of rows it wrote: a temporary table with `id` and `mark`.

    `mark` stands beside each. `before`: the column may change, and what it was before counts too. `added`: new rows count.
    """

    column: str
    into: Table
    mark: int = 0
    before: bool = False
    added: bool = True

    def gather(self, keys: FromClause) -> Insert:
        """Put the column of these rows there."""
        marked = select(keys.c[self.column], literal(self.mark))
        return insert(self.into).from_select(["id", "mark"], marked)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a stage lands: `keys` and `values` are named alike in the stage and in the table.

    `closed` names the column that is null while the row is open and gets `closing` when the row is
    closed. `given` has the columns that a new row gets once and for all.
    """

    table: Table
    keys: Sequence[str]
    values: Sequence[str]
    closed: str
    closing: date | datetime
    given: Mapping[str, ColumnElement[Any]] = field(default_factory=dict[str, ColumnElement[Any]])
    gathering: Gathering | None = None


def stage(name: str, *columns: Column[Any]) -> Table:
    """Declare a temporary table with the columns that every stage has."""
    return Table(
        f"stage_{name}",
        STAGES,
        Column("line", BigInteger, nullable=False),
        Column("fingerprint", LargeBinary),
        Column("rejected", Boolean, nullable=False),
        Column("removed", Boolean, nullable=False),
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
    connection = await raw_connection(session)
    await connection.copy_records_to_table(table.name, records=rows, columns=columns)


async def copy_text(
    session: WriteSession, table: Table, columns: Sequence[str], rows: bytes
) -> None:
    """COPY rows that are written as text (`kernel.copying`) into a stage."""
    connection = await raw_connection(session)
    # Of a file asyncpg reads in a thread and leaves a cycle that keeps it; bytes would be a path.
    source = memoryview(rows)
    await connection.copy_to_table(table.name, source=source, columns=columns, format="text")


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


async def merge(
    session: WriteSession,
    municipality: MunicipalityId,
    source: Table,
    target: Target,
    closing: Closing | None = Closing.MISSING,
) -> Landed:
    """Make open rows of a table equal to a stage, writing only what differs.

    `closing` None: nothing is closed.
    """
    same = _same(municipality, source, target)
    if target.gathering is not None and target.gathering.before:
        await session.execute(_gather_before(source, target, same, target.gathering))
    changed = await _write(session, _change(source, target, same), target)
    added = await _write(session, _add(municipality, source, target, same), target, is_add=True)
    closed = 0
    if closing is not None:
        closed = await _write(session, _close(municipality, source, target, same, closing), target)
    rows = await session.scalar(select(func.count()).select_from(source).where(~source.c.rejected))
    return Landed(rows or 0, added, changed, closed)


async def _write(
    session: WriteSession, statement: Update | Insert, target: Target, *, is_add: bool = False
) -> int:
    """Run a statement and gather what it wrote; gives how many rows it wrote."""
    gathering = target.gathering
    if gathering is None or (is_add and not gathering.added):
        return await count_written(session, statement)
    written = statement.returning(target.table.c[gathering.column]).cte("written")
    return await count_written(session, gathering.gather(written))


def _same(municipality: MunicipalityId, source: Table, target: Target) -> ColumnElement[bool]:
    table = target.table
    keys = (table.c[key] == source.c[key] for key in target.keys)
    return and_(table.c.municipality_id == municipality, *keys)


def _gather_before(
    source: Table, target: Target, same: ColumnElement[bool], gathering: Gathering
) -> Executable:
    """Gather what the column is in open rows that are about to change."""
    table, column = target.table, gathering.column
    moved = and_(table.c[target.closed].is_(None), table.c[column] != source.c[column])
    keys = select(table.c[column]).where(same, ~source.c.rejected, ~source.c.removed, moved)
    return gathering.gather(keys.subquery())


def _close(
    municipality: MunicipalityId,
    source: Table,
    target: Target,
    same: ColumnElement[bool],
    closing: Closing,
) -> Update:
    table = target.table
    if closing is Closing.MISSING:
        gone = ~exists().where(same).correlate(table)
    else:
        named = exists().where(same, source.c.removed, ~source.c.rejected)
        gone = named.correlate(table)
    return (
        update(table)
        .where(table.c.municipality_id == municipality, table.c[target.closed].is_(None), gone)
        .values({target.closed: target.closing})
    )


def _change(source: Table, target: Target, same: ColumnElement[bool]) -> Update:
    table = target.table
    differs = or_(table.c.fingerprint != source.c.fingerprint, table.c[target.closed].is_not(None))
    values: Mapping[str, ColumnElement[Any]] = {
        name: source.c[name] for name in (*target.values, "fingerprint")
    }
    return (
        update(table)
        .where(same, ~source.c.rejected, ~source.c.removed, differs)
        .values({**values, target.closed: None})
    )


def _add(
    municipality: MunicipalityId, source: Table, target: Target, same: ColumnElement[bool]
) -> Insert:
    table = target.table
    own = ["id"] if "id" in table.c and "id" not in target.keys else []
    names = [*own, *target.keys, *target.values, "fingerprint"]
    rows = select(
        literal(int(municipality)), *(source.c[name] for name in names), *target.given.values()
    ).where(~source.c.rejected, ~source.c.removed, ~exists().where(same).correlate(source))
    return insert(table).from_select(["municipality_id", *names, *target.given], rows)


def numbered(source: Table, first: int) -> ColumnElement[int]:
    """Give the number of each row that a merge adds: from `first`, by line, without gaps."""
    return func.row_number().over(order_by=source.c.line) - 1 + first


async def count_written(session: WriteSession, statement: Executable) -> int:
    """Run a writing statement and tell how many rows it wrote."""
    result = await session.execute(statement)
    return result.rowcount if isinstance(result, CursorResult) else 0
