"""A town with its HTTP application."""

from collections.abc import AsyncGenerator

import pytest
from httpx import ASGITransport, AsyncClient
from litestar import Litestar, Router
from litestar.exceptions import HTTPException

from backend.app.context import AppContext
from backend.app.dependencies import dependencies
from backend.app.middleware import Authenticated
from backend.kernel.db import Database
from backend.kernel.errors import DomainError
from backend.kernel.guards import principal_guard
from backend.kernel.personal_data import Vault
from backend.kernel.problems import refuse_domain, refuse_protocol
from backend.kernel.settings import load_settings
from backend.service_cases.routes import INGEST, MOBILE, STAFF
from tests.service_cases.town import RecordSystem, SteppingClock, Town


@pytest.fixture
def clock() -> SteppingClock:
    """Give a clock that stands until it is moved."""
    return SteppingClock()


@pytest.fixture
async def app_client(
    database: Database, vault: Vault, clock: SteppingClock
) -> AsyncGenerator[AsyncClient]:
    """Serve the routes of cases."""
    context = AppContext(load_settings({}), database, vault, clock)
    app = Litestar(
        [
            Router("/ingest/v1", route_handlers=INGEST),
            Router("/mobile/v1", route_handlers=MOBILE),
            Router("/staff/v1", route_handlers=STAFF),
        ],
        dependencies=dependencies(context),
        guards=[principal_guard],
        middleware=[Authenticated(context)],
        exception_handlers={DomainError: refuse_domain, HTTPException: refuse_protocol},
        openapi_config=None,
        logging_config=None,
        debug=True,
    )
    # Litestar types the ASGI messages more closely than httpx asks.
    transport = ASGITransport(app)  # type: ignore[arg-type]
    async with AsyncClient(transport=transport, base_url="http://town.test") as client:
        yield client


@pytest.fixture
def town(app_client: AsyncClient, database: Database, vault: Vault, clock: SteppingClock) -> Town:
    """Give a town without residents or sources."""
    return Town(app_client, database, vault, clock)


@pytest.fixture
async def records(town: Town) -> RecordSystem:
    """Give a system that may tell statuses in the town."""
    return await town.connect_system()
