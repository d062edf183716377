"""Transactions: they commit at the end of the block, read-only ones cannot write."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from backend.kernel.db import Database
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
