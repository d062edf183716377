"""Fixtures of every test: a PostgreSQL of our own, and one fresh database a test."""

import asyncio
import contextlib
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncGenerator, Callable, Collection, Generator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest
from httpx import ASGITransport, AsyncClient
from sqlalchemy.engine import make_url

from backend.app.context import AppContext
from backend.app.main import build_app
from backend.app.openapi import specification
from backend.app.routes import Surface
from backend.kernel.db import Database, open_database
from backend.kernel.embedded import start_embedded
from backend.kernel.ids import new_id
from backend.kernel.loading import leave_loaded_alone
from backend.kernel.login_sessions import open_session
from backend.kernel.personal_data import Vault
from backend.kernel.principals import PrincipalKind
from backend.kernel.settings import Settings, load_settings
from backend.kernel.tenancy import MunicipalityId
from backend.migrations.run import upgrade
from tests.contract.conformance import Conformance
from tests.drivers.clock import SteeredClock
from tests.drivers.people import (
    ROPAZI,
    Caller,
    Register,
    SignedIn,
    SignIn,
    register_resident,
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what also runs on an outside server: every test that has a database of its own."""
    for item in items:
        if "server" in getattr(item, "fixturenames", ()):
            item.add_marker("external")


def pytest_collection_finish() -> None:
    """Let the collector leave the modules alone, as the product's commands do."""
    leave_loaded_alone()


ROOM_BYTES = 2 * 1024**3
TEST_PASSWORD = "novads-test-password"


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server of the tests: how to address it, and its template database."""

    url: Callable[[str, str], str]
    template: str

    @property
    def admin_url(self) -> str:
        """Address the server as its superuser."""
        return self.url("postgres", "postgres")


async def _admin(admin_url: str, *statements: str) -> None:
    connection = await asyncpg.connect(admin_url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def _make_roles(admin_url: str) -> None:
    for role in ("novads_owner", "novads_app"):
        with contextlib.suppress(asyncpg.DuplicateObjectError, asyncpg.UniqueViolationError):
            await _admin(admin_url, f"CREATE ROLE {role} LOGIN")
        await _admin(admin_url, f"ALTER ROLE {role} LOGIN PASSWORD '{TEST_PASSWORD}'")


def _external(admin_url: str) -> Callable[[str, str], str]:
    asyncio.run(_make_roles(admin_url))

    def url(database: str, user: str) -> str:
        parts = make_url(admin_url).set(database=database)
        if user != "postgres":
            parts = parts.set(username=user, password=TEST_PASSWORD)
        return parts.render_as_string(hide_password=False)

    return url


def _quick_directory() -> tempfile.TemporaryDirectory[str]:
    """Make a directory in memory where there is room: a clone then takes 14 ms and not 80."""
    memory = Path("/dev/shm")  # noqa: S108 - a directory of our own is made in it
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > ROOM_BYTES
    return tempfile.TemporaryDirectory(prefix="novads-tests-", dir=memory if roomy else None)


@pytest.fixture(scope="session")
def server() -> Generator[Server]:
    """Give a server with a migrated template: the one named by the environment, or our own."""
    template = f"novads_template_{secrets.token_hex(4)}"
    with contextlib.ExitStack() as stack:
        external = os.environ.get("NOVADS_TEST_DATABASE_URL")  # noqa: TID251 - the tests' switch
        if external:
            url = _external(external)
        else:
            directory = stack.enter_context(_quick_directory())
            Path(directory).chmod(0o755)
            url = stack.enter_context(start_embedded(Path(directory) / "pg", durable=False)).dsn
        server = Server(url, template)
        asyncio.run(_admin(server.admin_url, f"CREATE DATABASE {template} OWNER novads_owner"))
        asyncio.run(upgrade(url(template, "novads_owner")))
        yield server
        asyncio.run(_admin(server.admin_url, f"DROP DATABASE {template} WITH (FORCE)"))


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
    yield Store(server.url(name, "novads_app"), server.url(name, "novads_owner"))
    await _admin(server.admin_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database(store: Store) -> AsyncGenerator[Database]:
    """Open the test's database as the application's role."""
    database = open_database(store.app_url, pool_size=5)
    yield database
    await database.close()


@pytest.fixture
def app_url(store: Store) -> str:
    """Address the test's database as the application's role."""
    return store.app_url


@pytest.fixture
def owner_url(store: Store) -> str:
    """Address the test's database as the owner of its tables."""
    return store.owner_url


@pytest.fixture
def clock() -> SteeredClock:
    """Give a clock that the test steers."""
    return SteeredClock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give development settings with a state directory of the test's own."""
    return load_settings({"NOVADS_VAR": str(tmp_path)})


@pytest.fixture(scope="session")
def conformance() -> Conformance:
    """Give what holds every exchange of the tests' clients against the API descriptions."""
    return Conformance({surface.value: specification(surface) for surface in Surface})


@pytest.fixture
async def app_client(
    database: Database, clock: SteeredClock, settings: Settings, conformance: Conformance
) -> AsyncGenerator[AsyncClient]:
    """Give an HTTP client of the whole application, on the test's own event loop.

    On one loop requests sent at once really race, and both sides may use the same connections.
    """
    context = AppContext(settings, database, settings.vault(), clock, "test-vapid-key")
    transport = ASGITransport(build_app(context))  # type: ignore[arg-type] # a TypedDict scope
    async with AsyncClient(transport=transport, base_url="http://testserver") as client:
        client.event_hooks = {"response": [conformance]}
        yield client


@pytest.fixture
def sign_in(app_client: AsyncClient, database: Database, clock: SteeredClock) -> SignIn:
    """Give the way to sign somebody in."""

    async def open_for(
        kind: PrincipalKind,
        roles: Collection[str] = (),
        *,
        subject_id: UUID | None = None,
        municipality: MunicipalityId = ROPAZI,
    ) -> Caller:
        who = subject_id or new_id()
        async with database.write((municipality,)) as session:
            opened = open_session(session, municipality, kind, who, now=clock(), roles=roles)
        surface = "staff" if kind is PrincipalKind.STAFF else "mobile"
        return Caller(app_client, surface, opened.token, who)

    return open_for


@pytest.fixture
def register(database: Database, vault: Vault) -> Register:
    """Give the way to put a resident into the registry's tables."""
    return partial(register_resident, database, vault)


@pytest.fixture
def signed_in(sign_in: SignIn) -> SignedIn:
    """Give the way to sign a resident in."""

    async def sign(resident_id: UUID, municipality: MunicipalityId = ROPAZI) -> Caller:
        return await sign_in(
            PrincipalKind.RESIDENT, subject_id=resident_id, municipality=municipality
        )

    return sign


@pytest.fixture(scope="session")
def vault() -> Vault:
    """Give the vault of the development keys."""
    return load_settings({}).vault()
