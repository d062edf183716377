"""The schema's history: it can be walked both ways, and it is what the models say."""

import re

import asyncpg
import pytest

from backend.kernel.integrity import MARK
from backend.migrations.metadata import whole_metadata
from backend.migrations.run import current_revision, downgrade, drift, head_revision, upgrade
from groups.changes.models import RELATIONS

REFERENCE_TRIGGERS = (
    "SELECT event_object_table, event_manipulation, action_statement"
    " FROM information_schema.triggers WHERE action_statement LIKE '%novads_check_reference%'"
)
TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"


async def test_autogenerate_finds_nothing_that_the_migrations_left_out(owner_url: str) -> None:
    assert await drift(owner_url) == []


async def test_every_reference_that_is_checked_by_statement_has_its_triggers(
    owner_url: str,
) -> None:
    declared = {
        (table.name, key.column_keys[1], key.referred_table.name)
        for table in whole_metadata().tables.values()
        for key in table.foreign_key_constraints
        if key.info == MARK
    }
    of_children: dict[str, set[tuple[str, str, str]]] = {"INSERT": set(), "UPDATE": set()}
    of_parents: set[tuple[str, str, str]] = set()
    connection = await asyncpg.connect(owner_url)
    for table, event, arguments in await connection.fetch(REFERENCE_TRIGGERS):
        pairs = re.findall(r"'(\w+)', '(\w+)'", arguments)
        if event == "DELETE":
            of_parents |= {(child, column, table) for child, column in pairs}
        else:
            of_children[event] |= {(table, column, parent) for column, parent in pairs}
    await connection.close()
    assert declared == of_parents == of_children["INSERT"] == of_children["UPDATE"]


async def test_the_schema_goes_down_to_nothing_and_up_again(owner_url: str) -> None:
    await downgrade(owner_url, "base")
    connection = await asyncpg.connect(owner_url)
    assert await connection.fetchval(TABLES) == 1  # Alembic's own
    await upgrade(owner_url)
    assert await connection.fetchval(TABLES) == len(whole_metadata().tables) + 1
    await connection.close()
    assert await current_revision(owner_url) == head_revision()
    assert await drift(owner_url) == []


async def test_every_table_of_a_municipality_is_under_forced_row_level_security(
    owner_url: str,
) -> None:
    connection = await asyncpg.connect(owner_url)
    rows = await connection.fetch(
        "SELECT relname FROM pg_class JOIN pg_policy ON polrelid = pg_class.oid"
        " WHERE relrowsecurity AND relforcerowsecurity"
    )
    await connection.close()
    owned = {t.name for t in whole_metadata().tables.values() if "municipality_id" in t.c}
    assert {row["relname"] for row in rows} == owned


@pytest.mark.parametrize("act", ["UPDATE audit_entry SET action = ''", "DELETE FROM audit_entry"])
async def test_the_application_cannot_change_the_audit_log(app_url: str, act: str) -> None:
    connection = await asyncpg.connect(app_url)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(act)
    await connection.close()


async def test_the_application_sees_nothing_without_a_tenant(app_url: str, owner_url: str) -> None:
    owner = await asyncpg.connect(owner_url)
    await owner.execute("SELECT set_config('novads.tenants', '44000', false)")
    await owner.execute(
        "INSERT INTO staff_member (municipality_id, id, subject, name, roles, created_at)"
        " VALUES (44000, gen_random_uuid(), 'someone', 'Synthetic Person', '{}', now())"
    )
    application = await asyncpg.connect(app_url)
    assert await application.fetchval("SELECT count(*) FROM staff_member") == 0
    await application.execute("SELECT set_config('novads.tenants', '44000', false)")
    assert await application.fetchval("SELECT count(*) FROM staff_member") == 1
    await application.execute("SELECT set_config('novads.tenants', '1000', false)")
    assert await application.fetchval("SELECT count(*) FROM staff_member") == 0
    await application.close()
    await owner.close()


async def test_what_was_noted_before_relations_were_is_read_with_all_of_them(
    owner_url: str,
) -> None:
    await downgrade(owner_url, "0004")
    connection = await asyncpg.connect(owner_url)
    await connection.execute("SELECT set_config('novads.tenants', '44000', false)")
    await connection.execute(
        "INSERT INTO fact_change (municipality_id, kind, slots, noted_at)"
        " VALUES (44000, 'residents', '{7}', now()), (44000, 'everybody', NULL, now())"
    )
    await upgrade(owner_url)
    rows = await connection.fetch("SELECT kind, relations FROM fact_change")
    await connection.close()
    noted = {row["kind"]: row["relations"] for row in rows}
    assert noted == {"residents": list(RELATIONS), "everybody": None}
