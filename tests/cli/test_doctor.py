"""`novads doctor` says what is wrong and what to do."""

import json
from typing import Any

from backend.kernel.settings import describe_settings

Novads = Any
Store = Any


def test_a_new_installation_is_told_to_migrate_and_then_is_well(novads: Novads) -> None:
    before = novads.run("doctor", simulators="false")
    assert before.returncode == 1
    assert "-> run novads migrate" in before.stdout
    migrated = novads.run("migrate")
    assert migrated.returncode == 0, migrated.stderr
    after = novads.run("doctor", simulators="false")
    assert after.returncode == 0, after.stdout
    assert "(embedded)" in after.stdout
    assert "tables           current" in after.stdout


def test_a_database_that_is_away_fails_and_its_password_is_not_shown(novads: Novads) -> None:
    said = novads.run("doctor", database_url="postgresql://u:hunter2@127.0.0.1:9/none")
    assert said.returncode == 1
    assert "check NOVADS_DATABASE_URL" in said.stdout
    assert "hunter2" not in said.stdout + said.stderr


def test_a_role_that_owns_the_tables_is_not_accepted_for_the_application(
    novads: Novads, store: Store
) -> None:
    owner = novads.run("doctor", database_url=store.owner_url, simulators="false")
    assert "it owns tables" in owner.stdout
    assert owner.returncode == 1


def test_redis_away_degrades_but_does_not_fail(novads: Novads, store: Store) -> None:
    said = novads.run("doctor", database_url=store.app_url, redis_url="redis://127.0.0.1:9/0")
    assert "degraded  redis" in said.stdout


def test_a_credentials_file_that_is_none_fails(novads: Novads, store: Store) -> None:
    file = novads.directory / "fcm.json"
    file.write_text(json.dumps({"type": "something else"}))
    said = novads.run("doctor", database_url=store.app_url, fcm_credentials=str(file))
    assert said.returncode == 1
    assert "is no service account's key" in said.stdout


def test_every_setting_is_listed(novads: Novads) -> None:
    said = novads.run("doctor", "--settings")
    assert said.returncode == 0
    for row in describe_settings():
        assert f"{row.name}\n" in said.stdout
