"""Previews in threads while facts change."""

import asyncio
import time
from datetime import date

from sqlalchemy import text

from backend.kernel.db import Database
from groups.columns.store import ColumnStore
from groups.evaluation.ports import Question
from groups.language.decode import decode
from tests.groups.columns.loaded import loaded
from tests.groups.evaluation.conftest import HERE
from tests.groups.evaluation.tables import store as write
from tests.groups.evaluation.world import Generator
from tests.groups.language.drawn_rules import call

AS_OF = date(2026, 11, 20)
FEMALE = decode(call("=", {"property": "sex"}, "female"))


async def everybody(database: Database, columns: ColumnStore, sex: str) -> None:
    """Make everybody of one sex, and follow."""
    async with database.write([HERE]) as session:
        await session.execute(text("UPDATE resident_fact SET sex = :sex"), {"sex": sex})
    async with database.read([HERE]) as session:
        # Fewer than a third at a time, or all would be read anew.
        size = columns.size(HERE)
        await columns.refresh(session, HERE, range(0, size, 4), {})


async def test_a_preview_sees_all_of_a_change_or_nothing_of_it(database: Database) -> None:
    await write(database, HERE, Generator(8).world(300))
    columns = (await loaded(database, [HERE])).store
    await everybody(database, columns, "male")
    question = Question((HERE,), FEMALE, AS_OF)
    seen: set[int] = {columns.preview(question, None).steps[-1].size}
    changing = True

    def preview() -> None:
        while changing:
            seen.add(columns.preview(question, None).steps[-1].size)
            time.sleep(0.0005)

    readers = [asyncio.create_task(asyncio.to_thread(preview)) for _ in range(2)]
    settled: set[int] = set(seen)
    try:
        for turn in range(12):
            await everybody(database, columns, "male" if turn % 2 else "female")
            settled.add(columns.preview(question, None).steps[-1].size)
    finally:
        changing = False
        await asyncio.gather(*readers)
    assert len(settled) > 1
    assert seen <= settled


async def test_two_who_change_one_municipality_wait_for_each_other(database: Database) -> None:
    await write(database, HERE, Generator(9).world(200))
    columns = (await loaded(database, [HERE])).store

    async def refresh(slots: range) -> None:
        async with database.read([HERE]) as session:
            await columns.refresh(session, HERE, slots, {})

    async with database.write([HERE]) as session:
        await session.execute(text("UPDATE resident_fact SET sex = 'female', closed_on = NULL"))
    await asyncio.gather(*(refresh(range(start, 200, 4)) for start in range(4)))
    fresh = (await loaded(database, [HERE])).store
    question = Question((HERE,), FEMALE, AS_OF)
    assert columns.members(question) == fresh.members(question)
    assert columns.preview(question, None) == fresh.preview(question, None)
