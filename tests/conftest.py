"""Fixtures of every test: a PostgreSQL of our own, and one fresh database a test."""

import asyncio
import contextlib
import os
import secrets
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

import asyncpg
import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from backend.kernel.db import Database, open_database
from backend.kernel.models import Base
from backend.kernel.personal_data import Vault, vault_from_secret
from backend.kernel.tenancy import TENANTS_FUNCTION, protect
from backend.migrations.metadata import PACKAGES

APP_PASSWORD = "app-test-password"
OWNER_PASSWORD = "owner-test-password"


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server of the tests: superuser's URL and the name of the template database."""

    admin_url: str
    template: str

    def url(self, database: str, user: str, password: str) -> str:
        """Address one database as one role."""
        url = make_url(self.admin_url).set(database=database, username=user, password=password)
        return url.render_as_string(hide_password=False)


async def _admin(admin_url: str, *statements: str) -> None:
    connection = await asyncpg.connect(admin_url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def _make_roles(admin_url: str) -> None:
    for role, password in (("novads_owner", OWNER_PASSWORD), ("novads_app", APP_PASSWORD)):
        with contextlib.suppress(asyncpg.DuplicateObjectError, asyncpg.UniqueViolationError):
            await _admin(admin_url, f"CREATE ROLE {role} LOGIN")
        await _admin(admin_url, f"ALTER ROLE {role} LOGIN PASSWORD '{password}'")


async def _install_schema(owner_url: str) -> None:
    for package in PACKAGES:
        if find_spec(package.rpartition(".")[0]) and find_spec(package):
            import_module(package)
    engine = create_async_engine(make_url(owner_url).set(drivername="postgresql+asyncpg"))
    async with engine.begin() as connection:
        await connection.exec_driver_sql(TENANTS_FUNCTION)
        await connection.run_sync(Base.metadata.create_all)
        for table in Base.metadata.sorted_tables:
            if "municipality_id" in table.c:
                for statement in protect(table.name):
                    await connection.exec_driver_sql(statement)
        await connection.exec_driver_sql("GRANT ALL ON ALL TABLES IN SCHEMA public TO novads_app")
        await connection.exec_driver_sql(
            "GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO novads_app"
        )
    await engine.dispose()


@pytest.fixture(scope="session")
def server() -> Generator[Server]:
    """Give a server with a migrated template database."""
    admin_url = os.environ.get(  # noqa: TID251 - the tests' own switch
        "NOVADS_TEST_DATABASE_URL", "postgresql://root@127.0.0.1:5432/postgres"
    )
    server = Server(admin_url, f"novads_template_{secrets.token_hex(4)}")
    asyncio.run(_make_roles(admin_url))
    asyncio.run(_admin(admin_url, f"CREATE DATABASE {server.template} OWNER novads_owner"))
    asyncio.run(_install_schema(server.url(server.template, "novads_owner", OWNER_PASSWORD)))
    yield server
    asyncio.run(_admin(admin_url, f"DROP DATABASE {server.template} WITH (FORCE)"))


@dataclass(frozen=True)
class Store:
    """One fresh database of one test."""

    app_url: str
    owner_url: str


@pytest.fixture
async def store(server: Server) -> AsyncGenerator[Store]:
    """Clone the template: a database that only this test knows."""
    name = f"novads_test_{secrets.token_hex(6)}"
    await _admin(
        server.admin_url, f"CREATE DATABASE {name} TEMPLATE {server.template} OWNER novads_owner"
    )
    yield Store(
        server.url(name, "novads_app", APP_PASSWORD),
        server.url(name, "novads_owner", OWNER_PASSWORD),
    )
    await _admin(server.admin_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database(store: Store) -> AsyncGenerator[Database]:
    """Open the test's database as the application's role."""
    database = open_database(store.app_url, pool_size=5)
    yield database
    await database.close()


@pytest.fixture
def owner_url(store: Store) -> str:
    """Address the test's database as the owner of its tables."""
    return store.owner_url


@pytest.fixture(scope="session")
def vault() -> Vault:
    """Give a vault of a synthetic key."""
    return vault_from_secret("tests")
