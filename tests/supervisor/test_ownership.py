"""The supervisor owns the database, and nothing outlives the supervisor."""

import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg

from backend.kernel.embedded import start_embedded
from backend.kernel.embedded.leftovers import server_processes
from backend.supervisor.supervisor import Supervisor

Soon = Callable[[Callable[[], bool]], Awaitable[None]]
ROOT = Path(__file__).parents[2]
SUPERVISED = """
import asyncio, sys
from pathlib import Path
from backend.kernel.embedded import start_embedded
from backend.supervisor.children import ChildPlan
from backend.supervisor.supervisor import Supervisor

async def main():
    supervisor = Supervisor(start_embedded(Path(sys.argv[1]), durable=False))
    supervisor.watch_database()
    sleeper = (sys.executable, "-c", "import signal; print('up', flush=True); signal.pause()")
    await supervisor.start([ChildPlan("sleeper", sleeper, {})])
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def value(dsn: str, statement: str) -> object:
    """Ask one value of a database."""
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def children_of(pid: int) -> list[int]:
    """List the direct children of a process."""
    return [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


def runs(pid: int) -> bool:
    """Tell whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def test_a_killed_postmaster_is_revived_with_everything_committed(
    state_directory: Path, soon: Soon
) -> None:
    server = start_embedded(state_directory / "postgres", durable=False)
    supervisor = Supervisor(server)
    supervisor.watch_database()
    try:
        await value(server.dsn(user="novads_owner"), "CREATE TABLE kept AS SELECT 7 AS id")
        killed = server.pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        await soon(lambda: server.pid != killed and server.poll() is None)
        assert await value(server.dsn(user="novads_owner"), "SELECT id FROM kept") == 7
    finally:
        await supervisor.stop()
    assert server_processes(state_directory / "postgres" / "cluster") == []


async def test_a_database_of_another_supervisor_is_left_running(state_directory: Path) -> None:
    with start_embedded(state_directory / "postgres", durable=False) as owned:
        supervisor = Supervisor(start_embedded(state_directory / "postgres", durable=False))
        supervisor.watch_database()
        await supervisor.stop()
        assert await value(owned.dsn(), "SELECT 1") == 1


async def test_nothing_survives_a_killed_supervisor(state_directory: Path, soon: Soon) -> None:
    directory = state_directory / "postgres"
    supervising = subprocess.Popen(  # noqa: ASYNC220 - a start takes no time worth an await
        [sys.executable, "-c", SUPERVISED, str(directory)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert supervising.stdout is not None
    assert supervising.stdout.readline() == "up\n"
    family = children_of(supervising.pid)
    assert len(family) == 2, "the postmaster and the sleeper"
    supervising.kill()
    supervising.wait()
    await soon(lambda: not any(runs(pid) for pid in family))
    await soon(lambda: server_processes(directory / "cluster") == [])
    supervising.stdout.close()
