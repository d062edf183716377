"""The register of municipalities: codes, validity and successors, in data and in the table."""

from collections import Counter
from collections.abc import AsyncGenerator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from backend.kernel.db import Database, open_database
from backend.kernel.tenancy import municipality_code
from backend.kernel.territories.register import municipality_in_force, register
from backend.kernel.territories.seeding import count_municipalities, seed_municipalities


def test_there_are_42_municipalities_in_force() -> None:
    kinds = Counter(
        territory.kind
        for territory in register().values()
        if territory.in_force_on(date(2026, 11, 20))
    )
    assert kinds == {"municipality": 35, "state_city": 7}


def test_a_code_that_ended_names_a_successor_that_is_in_force() -> None:
    ended = [territory for territory in register().values() if territory.valid_until]
    assert {territory.code for territory in ended} == {"LV0038000", "LV0055000"}
    for territory in ended:
        assert register()[str(territory.successor_code)].valid_until is None


def test_validity_ends_with_the_last_day_in_latvia() -> None:
    last_hour = datetime(2025, 6, 30, 20, 59, tzinfo=UTC)
    next_day = datetime(2025, 6, 30, 21, 0, tzinfo=UTC)
    assert municipality_in_force("LV0055000", last_hour) is not None
    assert municipality_in_force("LV0055000", next_day) is None
    assert municipality_in_force("LV0038001", next_day) is not None
    assert municipality_in_force("LV9999999", next_day) is None


@pytest.fixture
async def owner(owner_url: str) -> AsyncGenerator[Database]:
    """Open the test's database as the role that seeds; the application's role only reads."""
    database = open_database(owner_url, pool_size=1)
    yield database
    await database.close()


async def test_seeding_fills_the_table_once(owner: Database) -> None:
    async with owner.write([]) as session:
        await session.execute(text("DELETE FROM municipality"))
        assert await seed_municipalities(session) == len(register())
        rows = await session.execute(text("SELECT id, code, zone FROM municipality"))
        assert all(municipality_code(row[0]) == row[1] for row in rows)
    async with owner.write([]) as session:
        assert await seed_municipalities(session) == 0
        assert await count_municipalities(session) == len(register()) == 44


async def test_seeding_mends_what_differs(owner: Database) -> None:
    async with owner.write([]) as session:
        await seed_municipalities(session)
        await session.execute(text("UPDATE municipality SET name_en = 'X' WHERE id = 44000"))
        assert await seed_municipalities(session) == 1
        name = await session.scalar(text("SELECT name_en FROM municipality WHERE id = 44000"))
    assert name == "Ropaži Municipality"


async def test_the_application_reads_the_municipalities(database: Database) -> None:
    async with database.read([]) as session:
        assert await count_municipalities(session) == len(register())
