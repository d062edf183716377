"""References of staged rows: found for a whole stage at once, before it is merged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    Table,
    and_,
    column,
    insert,
    or_,
    select,
    text,
)
from sqlalchemy import table as lightweight

from backend.kernel.db import WriteSession
from backend.kernel.snapshots import Rejection, reject


@dataclass(frozen=True, slots=True)
class Named:
    """A reference of a stage: its `column` equals `key` of `found`, whose `id` goes to `into`.

    `is_open` tells of a found row whether it may be named; a row that removes may name any, and is
    only rejected for the reference if that is part of its key (`is_key`).
    """

    column: str
    into: str
    found: FromClause
    key: ColumnElement[Any]
    id: ColumnElement[Any]
    is_open: ColumnElement[bool]
    code: str
    reported: str
    is_key: bool = False


async def find_named(
    session: WriteSession,
    table: Table,
    references: Sequence[Named],
    beside: Subquery | None = None,
) -> list[Rejection]:
    """Fill the keys of all references in one pass; reject the rows that name what is not there.

    `beside` has each line of the stage once, and columns to be filled from it.
    """
    joined: FromClause = table
    found: dict[str, ColumnElement[Any]] = {}
    if beside is not None:
        joined = joined.join(beside, beside.c.line == table.c.line)
        found = dict(beside.c)
    for reference in references:
        same = reference.key == table.c[reference.column]
        usable = or_(reference.is_open, table.c.removed)
        found[reference.into] = reference.id
        joined = joined.outerjoin(reference.found, and_(same, usable))
    columns = [found.get(each.name, each) for each in table.c]
    await _replace(session, table, select(*columns).select_from(joined))
    rejections: list[Rejection] = []
    for reference in references:
        dangling = and_(table.c[reference.column].is_not(None), table.c[reference.into].is_(None))
        if not reference.is_key:
            dangling = and_(dangling, ~table.c.removed)
        rejections += await reject(session, table, dangling, reference.reported, reference.code)
    return rejections


async def _replace(session: WriteSession, table: Table, rows: Select[Any]) -> None:
    """Fill a stage anew: updating every row would write as much, and leave the old ones there."""
    old, names = table.name, table.c.keys()
    fresh = lightweight(f"{old}_anew", *map(column, names))
    await session.execute(text(f"CREATE TEMPORARY TABLE {fresh.name} (LIKE {old}) ON COMMIT DROP"))
    await session.execute(insert(fresh).from_select(names, rows))
    await session.execute(text(f"DROP TABLE {old}"))
    await session.execute(text(f"ALTER TABLE {fresh.name} RENAME TO {old}"))
