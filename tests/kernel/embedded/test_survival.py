"""Nothing committed is lost, and nothing is left running, whoever is killed."""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from backend.kernel.embedded import start_embedded
from backend.kernel.embedded.leftovers import server_processes

Query = Callable[[str, str], object]
Owners = Any
Eventually = Callable[[Callable[[], bool]], bool]


def kill(pid: int) -> None:
    """Kill a process as `kill -9` does."""
    os.kill(pid, signal.SIGKILL)


def test_rows_survive_a_killed_owner_and_its_server_ends_by_itself(
    directory: Path, owners: Owners, kept_rows: Callable[[Path], int], eventually: Eventually
) -> None:
    owner = owners.start(directory)
    owner.kill()
    assert eventually(lambda: server_processes(directory / "cluster") == [])
    assert kept_rows(directory) == 1000


def test_a_successor_can_start_at_once_after_the_owner_was_killed(
    directory: Path, owners: Owners, kept_rows: Callable[[Path], int]
) -> None:
    owner = owners.start(directory)
    owner.kill()
    assert kept_rows(directory) == 1000


def test_rows_survive_a_killed_postmaster(
    directory: Path, owners: Owners, kept_rows: Callable[[Path], int]
) -> None:
    owner = owners.start(directory)
    kill(owner.postmaster)
    owner.kill()
    assert kept_rows(directory) == 1000
    assert server_processes(directory / "cluster") == []


def test_rows_survive_owner_and_postmaster_killed_again_and_again(
    directory: Path, owners: Owners, kept_rows: Callable[[Path], int]
) -> None:
    for _ in range(3):
        owner = owners.start(directory)
        owner.kill()
        kill(owner.postmaster)
    assert kept_rows(directory) == 3000


def test_the_owner_revives_a_killed_postmaster_under_the_same_address(
    directory: Path, query: Query
) -> None:
    with start_embedded(directory) as server:
        query(server.dsn(user="novads_owner"), "CREATE TABLE kept AS SELECT 7 AS id")
        assert server.pid is not None
        kill(server.pid)
        assert server.wait() == -signal.SIGKILL
        assert server.poll() == -signal.SIGKILL
        server.revive()
        assert query(server.dsn(user="novads_owner"), "SELECT id FROM kept") == 7


def test_a_busy_backend_of_a_killed_postmaster_does_not_hinder_the_next(
    directory: Path, query: Query, paths_of_modules: Callable[..., dict[str, str]]
) -> None:
    with start_embedded(directory) as server:
        # A function that never looks at signals in time: only the launcher ends it.
        busy = subprocess.Popen(
            [
                str(server.binaries.installation / "bin/psql") if server.binaries else "",
                server.dsn(),
                "-c",
                "SELECT 'started'",
                "-c",
                "SELECT count(*) FROM generate_series(1, 2000000000) AS n",
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=paths_of_modules(),
        )
        assert busy.stdout is not None
        while b"started" not in busy.stdout.readline():
            pass
        assert server.pid is not None
        kill(server.pid)
        server.wait()
        server.revive()
        assert query(server.dsn(), "SELECT 1") == 1
        busy.communicate(timeout=10)
    assert server_processes(directory / "cluster") == []


def test_a_stopped_server_leaves_no_process_and_no_lock_behind(directory: Path) -> None:
    with start_embedded(directory) as server:
        layout = server.layout
    assert server_processes(layout.cluster) == []
    assert list(layout.sockets.iterdir()) == []
    assert not (layout.cluster / "postmaster.pid").exists()


def test_open_transactions_do_not_hold_up_the_stop(directory: Path, query: Query) -> None:
    server = start_embedded(directory)
    psql = str(server.binaries.installation / "bin/psql") if server.binaries else ""
    idle = subprocess.Popen(
        [psql, "-q", server.dsn()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
    )
    assert idle.stdin is not None
    assert idle.stdout is not None
    idle.stdin.write(b"BEGIN;\nSELECT 'open';\n")
    while b"open" not in idle.stdout.readline():
        pass
    server.stop(grace_seconds=5.0)
    idle.communicate(timeout=10)
    with start_embedded(directory) as again:
        assert query(again.dsn(), "SELECT 1") == 1
