"""Transactions: they commit at the end of the block, read-only ones cannot write."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from backend.kernel.db import Database, WriteSession, open_database, raw_connection
from backend.kernel.errors import TryAgain
from backend.kernel.tenancy import MunicipalityId

HERE = (MunicipalityId(44000),)


async def test_a_transaction_tells_the_database_which_tenants_it_serves(database: Database) -> None:
    async with database.read(HERE) as session:
        assert await session.scalar(text("SELECT novads_tenants()")) == [44000]


async def test_a_connection_keeps_no_tenant_after_its_transaction(database: Database) -> None:
    async with database.read(HERE):
        pass
    async with database.engine.connect() as connection:
        assert await connection.scalar(text("SELECT novads_tenants()")) is None


async def test_a_write_inside_a_reading_transaction_fails(database: Database) -> None:
    with pytest.raises(DBAPIError, match="read-only"):
        async with database.read(HERE) as session:
            await session.execute(text("CREATE TABLE forbidden (id int)"))


async def ask_by_sqlalchemy(session: WriteSession) -> None:
    """Ask as queries of the ORM do."""
    await session.execute(text("SELECT 1"))


async def ask_by_asyncpg(session: WriteSession) -> None:
    """Ask as the hot paths do."""
    await (await raw_connection(session)).execute("SELECT 1")


@pytest.mark.parametrize("ask", [ask_by_sqlalchemy, ask_by_asyncpg])
async def test_a_server_that_goes_away_in_a_transaction_asks_for_a_new_try(
    database: Database, app_url: str, ask: Callable[[WriteSession], Awaitable[None]]
) -> None:
    async def lose_it() -> None:
        async with database.write(HERE) as session:
            await _terminate(app_url, await session.scalar(text("SELECT pg_backend_pid()")))
            await ask(session)

    with pytest.raises(TryAgain):
        await lose_it()
    async with database.write(HERE) as session:
        await ask(session)


async def lock_by_sqlalchemy(session: WriteSession, number: int) -> None:
    """Lock as queries of the ORM do."""
    await session.execute(text(f"SELECT pg_advisory_xact_lock({number})"))


async def lock_by_asyncpg(session: WriteSession, number: int) -> None:
    """Lock as the hot paths do."""
    await (await raw_connection(session)).execute(f"SELECT pg_advisory_xact_lock({number})")


@pytest.mark.parametrize("lock", [lock_by_sqlalchemy, lock_by_asyncpg])
async def test_a_deadlock_asks_for_a_new_try_however_the_statement_was_sent(
    database: Database, lock: Callable[[WriteSession, int], Awaitable[None]]
) -> None:
    both = asyncio.Barrier(2)

    async def cross(first: int, second: int) -> None:
        async with database.write(HERE) as session:
            await lock(session, first)
            await both.wait()
            await lock(session, second)

    outcomes = await asyncio.gather(cross(1, 2), cross(2, 1), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes if outcome] == [TryAgain]


async def test_a_statement_that_takes_longer_than_it_may_asks_for_a_new_try(
    database: Database,
) -> None:
    async def take_long() -> None:
        async with database.read(HERE) as session:
            await session.execute(text("SET LOCAL statement_timeout = '1ms'"))
            await session.execute(text("SELECT pg_sleep(10)"))

    with pytest.raises(TryAgain):
        await take_long()


async def test_a_server_that_cannot_be_reached_asks_for_a_new_try() -> None:
    nowhere = open_database("postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(TryAgain):
        async with nowhere.read(HERE):
            pass
    await nowhere.close()


async def _terminate(app_url: str, backend: int | None) -> None:
    other = await asyncpg.connect(app_url)
    try:
        assert await other.fetchval("SELECT pg_terminate_backend($1, 10000)", backend)
    finally:
        await other.close()
