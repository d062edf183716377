"""Installations of the product: as processes, on databases that no other test knows."""

import asyncio
import contextlib
import secrets
import shutil
import tempfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from tests.conftest import Server
from tests.drivers.installation import Installation
from tests.e2e.town import MUNICIPALITY, add_staff


@dataclass(frozen=True)
class Registered:
    """A database in which a feed was imported and staff members were added; and the feed."""

    template: str
    feed: Path


async def _execute(server: Server, statement: str) -> None:
    connection = await asyncpg.connect(server.admin_url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@contextlib.contextmanager
def database_from(server: Server, template: str) -> Iterator[str]:
    """Clone a database for the time of the block; gives its name."""
    name = f"novads_e2e_{secrets.token_hex(6)}"
    create = f"CREATE DATABASE {name} TEMPLATE {template} OWNER novads_owner"
    asyncio.run(_execute(server, create))
    try:
        yield name
    finally:
        asyncio.run(_execute(server, f"DROP DATABASE {name} WITH (FORCE)"))


@contextlib.contextmanager
def installation_in(directory: Path, **settings: str) -> Iterator[Installation]:
    """Give an installation that nothing is left of at the end."""
    installation = Installation(directory, settings)
    try:
        yield installation
    finally:
        installation.end()


@contextlib.contextmanager
def open_directory() -> Iterator[Path]:
    """Give a directory that every account may enter, as an embedded PostgreSQL of root's needs."""
    directory = Path(tempfile.mkdtemp(prefix="novads-e2e-"))
    directory.chmod(0o755)
    try:
        yield directory
    finally:
        shutil.rmtree(directory)


@pytest.fixture(scope="session")
def registered(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Generator[Registered]:
    """Import a small feed once for all tests that are about something else."""
    directory = tmp_path_factory.mktemp("registered")
    feed = directory / "feed"

    async def prepare(installation: Installation) -> None:
        place = ("--municipality", MUNICIPALITY, "--out", str(feed))
        await installation.run("registry", "generate", *place, "--residents", "1000")
        await asyncio.gather(
            installation.run("registry", "import", str(feed)), add_staff(installation)
        )

    with database_from(server, server.template) as name:
        url = server.url(name, "novads_app")
        with installation_in(directory, database_url=url) as installation:
            asyncio.run(prepare(installation))
        yield Registered(name, feed)


@pytest.fixture
def installation(server: Server, registered: Registered, tmp_path: Path) -> Generator[Installation]:
    """Give an installation on a database of the registered town; nothing of it runs yet."""
    with database_from(server, registered.template) as name:
        url = server.url(name, "novads_app")
        with installation_in(tmp_path, database_url=url) as installation:
            yield installation


@pytest.fixture
def embedded() -> Generator[Installation]:
    """Give an installation that runs its own PostgreSQL; nothing of it runs yet."""
    with open_directory() as directory, installation_in(directory) as installation:
        yield installation
