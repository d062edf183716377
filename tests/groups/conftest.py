"""A municipality whose facts tests change, staff and residents who call, and groups that follow."""

from collections.abc import AsyncGenerator, Collection
from uuid import UUID

import pytest
from httpx import ASGITransport, AsyncClient

from backend.app.context import AppContext
from backend.app.main import build_app
from backend.kernel.clock import Clock
from backend.kernel.db import Database
from backend.kernel.ids import new_id
from backend.kernel.login_sessions import open_session
from backend.kernel.outbox import lock_next_event, publish, remove
from backend.kernel.principals import PrincipalKind
from backend.kernel.settings import Settings
from backend.kernel.tenancy import MunicipalityId
from groups.public import IMPORTED, outbox_handlers
from tests.contract.conformance import Conformance
from tests.groups.community import (
    ROPAZI,
    STOPINI,
    Caller,
    Imported,
    NewGroup,
    OfParish,
    Registry,
    SignIn,
)


@pytest.fixture
async def app_client(
    database: Database, clock: Clock, settings: Settings, conformance: Conformance
) -> AsyncGenerator[AsyncClient]:
    """Give an HTTP client of the whole application on the test's own event loop.

    On one loop requests sent at once really race, and both sides may use the same connections.
    """
    app = build_app(AppContext(settings, database, settings.vault(), clock, "test-vapid-key"))
    transport = ASGITransport(app)  # type: ignore[arg-type] # Litestar names its scopes more narrowly
    async with AsyncClient(transport=transport, base_url="http://testserver") as client:
        client.event_hooks = {"response": [conformance]}
        yield client


@pytest.fixture
def registry(database: Database) -> Registry:
    """Give the facts of Ropaži municipality."""
    return Registry(database)


@pytest.fixture
def elsewhere(database: Database) -> Registry:
    """Give the facts of another municipality."""
    return Registry(database, MunicipalityId(9000))


@pytest.fixture
def sign_in(app_client: AsyncClient, database: Database, clock: Clock) -> SignIn:
    """Give the way to sign somebody in."""

    async def open_for(
        kind: PrincipalKind,
        roles: Collection[str] = (),
        *,
        subject_id: UUID | None = None,
        municipality: MunicipalityId = ROPAZI,
    ) -> Caller:
        who = subject_id or new_id()
        async with database.write([municipality]) as session:
            opened = open_session(session, municipality, kind, who, now=clock(), roles=roles)
        surface = "staff" if kind is PrincipalKind.STAFF else "mobile"
        return Caller(app_client, surface, opened.token, who)

    return open_for


@pytest.fixture
async def communicator(sign_in: SignIn) -> Caller:
    """Give a communicator of Ropaži municipality."""
    return await sign_in(PrincipalKind.STAFF, ["communicator"])


@pytest.fixture
def of_parish() -> OfParish:
    """Give the rule of everybody declared in a parish."""
    return lambda parish: {"op": "=", "args": [{"property": "parish"}, parish]}


@pytest.fixture
def stopini(of_parish: OfParish) -> NewGroup:
    """Give a new group of everybody declared in Stopiņi parish."""
    return {
        "name": {"lv": "Stopiņu iedzīvotāji", "en": "Residents of Stopiņi"},
        "purpose": "Ziņas par Stopiņu pagastu.",
        "rule": of_parish(STOPINI),
    }


@pytest.fixture
def imported(database: Database, clock: Clock) -> Imported:
    """Give the way to tell that an import changed facts, and to wait until groups have followed."""

    async def follow(municipality: MunicipalityId = ROPAZI) -> int:
        handlers, count = outbox_handlers(clock), 0
        async with database.write([municipality]) as session:
            await publish(session, municipality, IMPORTED, {"importId": str(new_id())}, clock())
        while True:
            async with database.write([municipality]) as session:
                event = await lock_next_event(session, clock())
                if event is None:
                    return count
                await handlers[event.topic](session, event)
                await remove(session, event)
            count += 1

    return follow
