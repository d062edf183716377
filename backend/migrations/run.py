"""Run migrations by code, as the owner of the tables."""

from collections.abc import Callable
from pathlib import Path

import asyncpg
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from backend.kernel.db import Database
from backend.kernel.tenancy import APP_ROLE
from backend.kernel.territories.seeding import seed_municipalities
from backend.migrations.metadata import COMPARING, whole_metadata

DIRECTORY = Path(__file__).parent
MIGRATION_LOCK = 0x6E6F7602
"""Advisory lock: of two processes that migrate at once, the later one waits and finds it done."""


class MigrationRefused(Exception):
    """The database cannot be migrated; the message says why and what to do."""


async def upgrade(owner_url: str, revision: str = "head") -> None:
    """Bring the schema up to `revision` and the municipalities up to date.

    Raises:
        MigrationRefused: the application's role is missing and may not be made.
    """
    await _ensure_app_role(owner_url)
    await _on_connection(owner_url, lambda c: command.upgrade(_config(c), revision))
    engine = create_async_engine(_async_url(owner_url), poolclass=NullPool)
    async with Database(engine).write(()) as session:
        await seed_municipalities(session)
    await engine.dispose()


async def downgrade(owner_url: str, revision: str) -> None:
    """Take the schema back to `revision` (`base` for none at all)."""
    await _on_connection(owner_url, lambda c: command.downgrade(_config(c), revision))


async def current_revision(url: str) -> str | None:
    """Tell which revision a database is at; None when it has no schema."""
    found: list[str | None] = []

    def read(connection: Connection) -> None:
        found.append(MigrationContext.configure(connection).get_current_revision())

    await _on_connection(url, read, lock=False)
    return found[0]


def head_revision() -> str | None:
    """Tell which revision the code expects."""
    return ScriptDirectory(str(DIRECTORY)).get_current_head()


async def drift(owner_url: str) -> list[object]:
    """List what autogenerate would change: empty when models and migrations agree."""
    found: list[object] = []

    def compare(connection: Connection) -> None:
        context = MigrationContext.configure(connection, opts=dict(COMPARING))
        found.extend(compare_metadata(context, whole_metadata()))

    await _on_connection(owner_url, compare, lock=False)
    return found


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(DIRECTORY))
    config.attributes["connection"] = connection
    return config


def _async_url(url: str) -> str:
    parts = make_url(url).set(drivername="postgresql+asyncpg")
    return parts.render_as_string(hide_password=False)


async def _on_connection(
    url: str, action: Callable[[Connection], None], *, lock: bool = True
) -> None:
    engine = create_async_engine(_async_url(url), poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            if lock:
                await connection.exec_driver_sql(f"SELECT pg_advisory_lock({MIGRATION_LOCK})")
                await connection.commit()
            await connection.run_sync(action)
    finally:
        await engine.dispose()


async def _ensure_app_role(owner_url: str) -> None:
    connection = await asyncpg.connect(owner_url)
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", APP_ROLE):
            await connection.execute(f"CREATE ROLE {APP_ROLE} NOLOGIN")
    except asyncpg.InsufficientPrivilegeError:
        raise MigrationRefused(
            f"the role {APP_ROLE} is missing: as an administrator, CREATE ROLE {APP_ROLE}, then "
            f"GRANT {APP_ROLE} to the role of NOVADS_DATABASE_URL"
        ) from None
    finally:
        await connection.close()
