"""What a started server offers."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from backend.kernel.embedded import EmbeddedError, EmbeddedPostgres, start_embedded


def test_the_first_start_makes_a_utf8_database_with_a_builtin_locale(
    server: EmbeddedPostgres, query: Callable[[str, str], object]
) -> None:
    found = query(
        server.dsn(),
        "SELECT pg_encoding_to_char(encoding) || ' ' || datlocprovider::text || ' ' || datlocale "
        "FROM pg_database WHERE datname = current_database()",
    )
    assert found == "UTF8 b C.UTF-8"


def test_the_application_role_owns_nothing_and_cannot_bypass_row_security(
    server: EmbeddedPostgres, query: Callable[[str, str], object]
) -> None:
    powers = query(
        server.dsn(),
        "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb FROM pg_roles "
        "WHERE rolname = current_user",
    )
    owner = query(server.dsn(), "SELECT datdba::regrole::text FROM pg_database "
                                "WHERE datname = 'novads'")  # fmt: skip
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        query(server.dsn(), "CREATE TABLE forbidden (id int)")
    assert powers is False
    assert owner == "novads_owner"


def test_the_second_start_finds_the_same_data_under_the_same_address(
    directory: Path, query: Callable[[str, str], object]
) -> None:
    with start_embedded(directory) as first:
        query(first.dsn(user="novads_owner"), "CREATE TABLE kept AS SELECT 7 AS id")
    with start_embedded(directory) as second:
        assert query(second.dsn(user="novads_owner"), "SELECT id FROM kept") == 7
    assert second.dsn() == first.dsn()


def test_a_wrong_password_is_refused(
    server: EmbeddedPostgres, query: Callable[[str, str], object]
) -> None:
    wrong = server.dsn().replace(server.passwords.novads_app, "wrong")
    with pytest.raises(asyncpg.InvalidPasswordError):
        query(wrong, "SELECT 1")


def test_only_we_can_read_passwords_and_reach_the_socket(server: EmbeddedPostgres) -> None:
    assert stat.S_IMODE(server.layout.secrets.stat().st_mode) == 0o600
    assert stat.S_IMODE(server.layout.sockets.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.layout.log.stat().st_mode) == 0o600


def test_the_server_does_not_show_its_passwords_when_printed(server: EmbeddedPostgres) -> None:
    assert server.passwords.novads_app not in repr(server)


def test_only_a_server_of_tests_may_skip_the_disk(
    server: EmbeddedPostgres, directory: Path, query: Callable[[str, str], object]
) -> None:
    assert query(server.dsn(), "SHOW fsync") == "on"
    with start_embedded(directory, durable=False) as of_tests:
        assert query(of_tests.dsn(), "SHOW fsync") == "off"


def test_the_server_listens_on_no_network_address(
    server: EmbeddedPostgres, query: Callable[[str, str], object]
) -> None:
    assert query(server.dsn(), "SHOW listen_addresses") == ""


def test_a_path_too_long_for_a_socket_is_no_obstacle(
    directory: Path, query: Callable[[str, str], object]
) -> None:
    deep = directory / ("d" * 60) / ("e" * 60)
    directory.mkdir(mode=0o755)
    deep.parent.mkdir(mode=0o755)
    with start_embedded(deep) as server:
        assert query(server.dsn(), "SELECT 1") == 1
    server.layout.sockets.rmdir()


def test_lost_passwords_are_made_anew(directory: Path, query: Callable[[str, str], object]) -> None:
    with start_embedded(directory) as first:
        query(first.dsn(user="novads_owner"), "CREATE TABLE kept AS SELECT 7 AS id")
    first.layout.secrets.unlink()
    with start_embedded(directory) as second:
        assert query(second.dsn(user="novads_owner"), "SELECT id FROM kept") == 7
    assert second.dsn() != first.dsn()


def test_an_interrupted_first_start_is_repeated(
    directory: Path, query: Callable[[str, str], object]
) -> None:
    half_made = directory / "cluster.new"
    half_made.mkdir(parents=True)
    directory.chmod(0o755)
    (half_made / "PG_VERSION").write_text("18")
    with start_embedded(directory) as server:
        assert query(server.dsn(), "SELECT 1") == 1
    assert not half_made.exists()


def test_data_of_another_major_version_are_refused_with_the_reason(directory: Path) -> None:
    with start_embedded(directory) as server:
        pass
    (server.layout.cluster / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedError, match=r"are of PostgreSQL 17, the installed one is 18"):
        start_embedded(directory)


def test_a_server_that_cannot_start_tells_its_last_words(directory: Path) -> None:
    with start_embedded(directory) as server:
        pass
    (server.layout.cluster / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(EmbeddedError, match="no_such_setting"):
        start_embedded(directory)


def test_after_a_failed_start_the_directory_is_free_again(
    directory: Path, query: Callable[[str, str], object]
) -> None:
    with start_embedded(directory) as server:
        pass
    configuration = server.layout.cluster / "postgresql.conf"
    good = configuration.read_text()
    configuration.write_text("no_such_setting = 1\n")
    with pytest.raises(EmbeddedError):
        start_embedded(directory)
    configuration.write_text(good)
    with start_embedded(directory) as again:
        assert query(again.dsn(), "SELECT 1") == 1


def test_who_finds_the_lock_held_uses_the_server_and_leaves_it_running(
    server: EmbeddedPostgres, query: Callable[[str, str], object]
) -> None:
    with start_embedded(server.layout.directory) as found:
        assert not found.is_owner
        assert found.dsn() == server.dsn()
    assert query(server.dsn(), "SELECT 1") == 1


def test_only_the_owner_can_wait_for_the_server(server: EmbeddedPostgres) -> None:
    with start_embedded(server.layout.directory) as found:
        for forbidden in (EmbeddedPostgres.wait, EmbeddedPostgres.revive):
            with pytest.raises(EmbeddedError, match="another process owns"):
                forbidden(found)


def test_a_pid_file_that_names_a_living_stranger_is_not_in_the_way(
    directory: Path, query: Callable[[str, str], object]
) -> None:
    with start_embedded(directory) as server:
        pass
    stale = f"{os.getpid()}\n{server.layout.cluster}\n1\n5432\n{server.layout.sockets}\n"
    (server.layout.cluster / "postmaster.pid").write_text(stale)
    (server.layout.sockets / ".s.PGSQL.5432.lock").write_text(stale)
    with start_embedded(directory) as again:
        assert query(again.dsn(), "SELECT 1") == 1
