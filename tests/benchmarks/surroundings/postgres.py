"""A PostgreSQL that keeps its promises (fsync on), with the product's schema, for one benchmark."""

import asyncio
import shutil
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from backend.kernel.embedded import start_embedded
from backend.migrations.run import upgrade


@dataclass(frozen=True, slots=True)
class Postgres:
    """The running server: its process, and its database as each role sees it."""

    pid: int
    app_url: str
    owner_url: str
    admin_url: str


NATIONAL = {"shared_buffers": "1GB", "max_wal_size": "8GB", "checkpoint_timeout": "15min"}
"""For two million residents, whose tables take some 2.5 GB: fewer checkpoints, after each of which
every page that is written again goes to the log as a whole."""


@contextmanager
def temporary_directory() -> Generator[Path]:
    """Give a directory that every account may enter: PostgreSQL does not run as root."""
    directory = Path(tempfile.mkdtemp(prefix="novads-bench-"))
    directory.chmod(0o755)
    try:
        yield directory
    finally:
        shutil.rmtree(directory)


@contextmanager
def durable_postgres(
    directory: Path, settings: Mapping[str, str] | None = None
) -> Generator[Postgres]:
    """Run the embedded server for the time of the block, as it runs for the product.

    `settings` are those that an operator would give it for so much data.
    """
    if settings:
        with start_embedded(directory / "postgres") as server:
            asyncio.run(_set(server.dsn(user="postgres"), settings))
    with start_embedded(directory / "postgres") as server:
        if server.pid is None:
            raise RuntimeError("the server of a fresh directory is somebody else's")
        owner, admin = server.dsn(user="novads_owner"), server.dsn(user="postgres")
        postgres = Postgres(server.pid, server.dsn(), owner, admin)
        asyncio.run(upgrade(postgres.owner_url))
        yield postgres


async def _set(admin_url: str, settings: Mapping[str, str]) -> None:
    connection = await asyncpg.connect(admin_url)
    try:
        for name, value in settings.items():
            await connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
    finally:
        await connection.close()
