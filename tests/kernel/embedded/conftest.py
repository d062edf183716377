"""A directory the serving account can enter, and owners of servers that can be killed."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import pytest

from backend.kernel.embedded import EmbeddedPostgres, start_embedded
from backend.kernel.embedded.leftovers import server_processes

ROOT = Path(__file__).parents[3]
OWNER = """
import asyncio, signal, sys
from pathlib import Path
import asyncpg
from backend.kernel.embedded import start_embedded

async def commit_rows(dsn):
    connection = await asyncpg.connect(dsn)
    await connection.execute("CREATE TABLE IF NOT EXISTS kept (id int)")
    await connection.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
    await connection.close()

server = start_embedded(Path(sys.argv[1]))
asyncio.run(commit_rows(server.dsn(user="novads_owner")))
print(server.pid, flush=True)
signal.pause()
"""


@pytest.fixture
def directory() -> Generator[Path]:
    """Give a new directory that every account may enter."""
    yield from reachable_directory()


def reachable_directory() -> Generator[Path]:
    """Make a directory that every account may enter, and remove it afterwards."""
    parent = Path(tempfile.mkdtemp(prefix="novads-embedded-"))
    parent.chmod(0o755)
    yield parent / "postgres"
    assert holds_soon(lambda: server_processes(parent / "postgres" / "cluster") == [])
    shutil.rmtree(parent)


def holds_soon(condition: Callable[[], bool]) -> bool:
    """Wait until a condition holds, at most 15 seconds."""
    deadline = time.monotonic() + 15
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@dataclass(frozen=True)
class Owner:
    """A process that owns a server, and the server's postmaster."""

    process: subprocess.Popen[str]
    postmaster: int

    def kill(self) -> None:
        """Kill the owner as `kill -9` does."""
        self.process.kill()
        self.process.wait()


@dataclass
class Owners:
    """Starts processes that own a server, commit 1,000 rows and then wait."""

    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(
        self,
        directory: Path,
        *,
        python: str = sys.executable,
        user: int | None = None,
        environ: dict[str, str] | None = None,
    ) -> Owner:
        """Start an owner and wait until its rows are committed."""
        process = subprocess.Popen(
            [python, "-c", OWNER, str(directory)],
            stdout=subprocess.PIPE,
            text=True,
            cwd="/",
            user=user,
            group=user,
            env=environ or module_path(),
        )
        self.started.append(process)
        assert process.stdout is not None
        return Owner(process, int(process.stdout.readline()))

    def kill(self) -> None:
        """Kill who is left."""
        for process in self.started:
            process.kill()
            process.wait()

    def forget(self) -> None:
        """Close the pipes of those that were started."""
        for process in self.started:
            if process.stdout is not None:
                process.stdout.close()


def module_path(*first: Path) -> dict[str, str]:
    """Give an environment in which any Python 3.11 finds our code and its libraries."""
    packages = Path(asyncpg.__file__).parents[1]
    return {"PYTHONPATH": os.pathsep.join(map(str, (*first, ROOT, packages)))}


@pytest.fixture
def paths_of_modules() -> Callable[..., dict[str, str]]:
    """Give the maker of environments that find our code."""
    return module_path


@pytest.fixture
def owners() -> Generator[Owners]:
    """Give the starter of killable owners."""
    owners = Owners()
    yield owners
    owners.kill()
    owners.forget()


@pytest.fixture
def query() -> Callable[[str, str], object]:
    """Give a function that asks one value of a database."""

    async def ask(dsn: str, statement: str) -> object:
        connection = await asyncpg.connect(dsn)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return lambda dsn, statement: asyncio.run(ask(dsn, statement))


@pytest.fixture
def kept_rows(query: Callable[[str, str], object]) -> Callable[[Path], int]:
    """Give a function that starts the server again and counts what owners committed."""

    def count(directory: Path) -> int:
        with start_embedded(directory) as server:
            rows = query(server.dsn(user="novads_owner"), "SELECT count(*) FROM kept")
            assert isinstance(rows, int)
            return rows

    return count


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], bool]:
    """Give a function that waits until a condition holds, at most 15 seconds."""
    return holds_soon


@pytest.fixture(scope="module")
def server() -> Generator[EmbeddedPostgres]:
    """Give a running server for tests that only look at it."""
    for directory in reachable_directory():
        with start_embedded(directory) as server:
            yield server
