"""What rows of the registry refer to is there: PostgreSQL refuses everything else, whoever writes."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from backend.kernel.integrity import MARK
from backend.kernel.tenancy import MunicipalityId
from backend.migrations.metadata import whole_metadata
from backend.migrations.run import downgrade, upgrade
from tests.drivers.waiting import until
from tests.groups.registry.driver import ROPAZI, Registry

ELSEWHERE = MunicipalityId(1000)


@dataclass(frozen=True, slots=True)
class Reference:
    """A column and the table whose rows it names."""

    table: str
    column: str
    parent: str

    @property
    def name(self) -> str:
        """Write table and column."""
        return f"{self.table}.{self.column}"


def declared() -> Iterator[Reference]:
    """Give the references of all models that are checked by statement."""
    for table in whole_metadata().tables.values():
        for key in table.foreign_key_constraints:
            if key.info == MARK:
                yield Reference(table.name, key.column_keys[1], key.referred_table.name)


REFERENCES = sorted(declared(), key=lambda each: each.name)
TABLES = sorted({each.table for each in REFERENCES})


DELETE = "DELETE FROM {table}"
DELETE_NAMED = "DELETE FROM {parent} WHERE id IN (SELECT {column} FROM {table})"
FORGET = "UPDATE {table} SET {column} = NULL"
CHANGE = "UPDATE {table} SET {column} = gen_random_uuid()"
NAMES_NOTHING = """
    INSERT INTO {table} SELECT (jsonb_populate_record(one, jsonb_build_object(
        'id', gen_random_uuid(), 'ref', 'R', 'slot', 900, 'number', 900,
        'resident_id', '00000000-0000-4000-8000-000000000002', 'digest', 'R', '{column}', gen_random_uuid()))).* FROM {table} one LIMIT 1
"""
NEWCOMER = """
    INSERT INTO resident SELECT (jsonb_populate_record(one, jsonb_build_object(
        'id', '00000000-0000-4000-8000-000000000002'))).* FROM resident one LIMIT 1
"""
WAITING = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
THOUSAND = """
    INSERT INTO pet (municipality_id, id, ref, resident_id, species, fingerprint)
    SELECT municipality_id, gen_random_uuid(), 'N' || place,
        CASE place WHEN 500 THEN gen_random_uuid() ELSE resident_id END, 'dog', ''
    FROM pet, generate_series(1, 1000) place
"""
PLACE_ELSEWHERE = """
    INSERT INTO address (municipality_id, id, ref, parish, fingerprint)
    VALUES (1000, '00000000-0000-4000-8000-000000000001', 'A1', 'Cits pagasts', '')
"""
MOVE_ELSEWHERE = """
    UPDATE household SET address_id = '00000000-0000-4000-8000-000000000001'
    WHERE municipality_id = 44000
"""


async def write(registry: Registry, *statements: str) -> None:
    """Run statements in one transaction for both municipalities."""
    async with registry.database.write([ROPAZI, ELSEWHERE]) as session:
        for statement in statements:
            await session.execute(text(statement))


async def refused(registry: Registry, told: str, *statements: str) -> None:
    """Run statements that break a reference: they are refused, and told why."""
    with pytest.raises(IntegrityError, match=told):
        await write(registry, *statements)


async def test_a_row_that_names_nothing_is_refused_when_it_is_inserted(registry: Registry) -> None:
    await registry.deliver()
    for each in REFERENCES:
        names_nothing = NAMES_NOTHING.format(table=each.table, column=each.column)
        await refused(registry, f"{each.name} names no {each.parent}", NEWCOMER, names_nothing)


async def test_a_row_that_names_nothing_is_refused_when_it_is_changed(registry: Registry) -> None:
    await registry.deliver()
    for each in REFERENCES:
        change = CHANGE.format(table=each.table, column=each.column)
        await refused(registry, f"{each.name} names no {each.parent}", change)


async def test_what_is_named_cannot_be_deleted(registry: Registry) -> None:
    await registry.deliver()
    for each in REFERENCES:
        delete = DELETE_NAMED.format(table=each.table, column=each.column, parent=each.parent)
        told = f"{each.parent} is still named by {each.name}"
        await refused(registry, told, *leave_alone(each), delete)


def leave_alone(reference: Reference) -> Iterator[str]:
    """Write the statements that take away all that names rows, but one reference."""
    kept = {each.parent for each in REFERENCES if each.table == reference.table}
    for each in REFERENCES:
        if each.table in kept:
            yield FORGET.format(table=each.table, column=each.column)
    others = set(TABLES) - kept - {reference.table}
    for table in sorted(others, key=lambda name: name in {"household", "institution"}):
        yield DELETE.format(table=table)


async def test_one_row_among_a_thousand_is_enough_and_nothing_is_written(
    registry: Registry,
) -> None:
    await registry.deliver()
    await refused(registry, "names no resident", THOUSAND)
    assert await registry.select("SELECT ref FROM pet") == [("M1",)]


async def test_a_row_of_another_municipality_is_nothing_that_can_be_named(
    registry: Registry,
) -> None:
    await registry.deliver()
    await refused(registry, "names no address", PLACE_ELSEWHERE, MOVE_ELSEWHERE)


NEW_PET = """
    INSERT INTO pet (municipality_id, id, ref, resident_id, species, fingerprint)
    VALUES (44000, gen_random_uuid(), 'N', '00000000-0000-4000-8000-000000000002', 'dog', '')
"""
NEWCOMER_GONE = "DELETE FROM resident WHERE id = '00000000-0000-4000-8000-000000000002'"


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (NEW_PET, NEWCOMER_GONE, "resident is still named by pet.resident_id"),
        (NEWCOMER_GONE, NEW_PET, "pet.resident_id names no resident"),
    ],
)
async def test_of_two_at_once_that_name_and_delete_the_later_waits_and_is_refused(
    registry: Registry, first: str, second: str, told: str
) -> None:
    await registry.deliver()
    await write(registry, NEWCOMER)
    async with registry.database.write([ROPAZI]) as session:
        await session.execute(text(first))
        later = asyncio.create_task(refused(registry, told, second))
        await until(lambda: is_waited_for(registry), "the later one waits")
    await later


async def is_waited_for(registry: Registry) -> bool:
    """Tell whether anybody waits for a lock."""
    return await registry.select(WAITING) != [(0,)]


async def test_what_nothing_names_any_more_can_be_deleted(registry: Registry) -> None:
    await registry.deliver()
    forgotten = FORGET.format(table="institution", column="address_id")
    deleted = (DELETE.format(table=table) for table in ("attendance", "institution"))
    await write(registry, forgotten, *deleted)
    assert await registry.select("SELECT count(*) FROM institution") == [(0,)]


async def test_foreign_keys_can_be_put_back_over_what_is_there_and_taken_away_again(
    registry: Registry, owner_url: str
) -> None:
    await registry.deliver()
    before = await registry.everything()
    await downgrade(owner_url, "0005")
    with pytest.raises(IntegrityError, match="fk_pet_municipality_id_resident_id"):
        await write(registry, CHANGE.format(table="pet", column="resident_id"))
    await upgrade(owner_url)
    await refused(registry, "names no resident", CHANGE.format(table="pet", column="resident_id"))
    assert await registry.everything() == before
