"""A town with its HTTP application."""

from collections.abc import AsyncGenerator

import pytest
from httpx import ASGITransport, AsyncClient

from backend.app.context import AppContext
from backend.app.main import build_app
from backend.kernel.db import Database
from backend.kernel.personal_data import Vault
from backend.kernel.settings import Settings
from tests.contract.conformance import Conformance
from tests.service_cases.town import RecordSystem, SteppingClock, Town


@pytest.fixture
def clock() -> SteppingClock:
    """Give a clock that stands until it is moved."""
    return SteppingClock()


@pytest.fixture
async def app_client(
    database: Database,
    vault: Vault,
    clock: SteppingClock,
    settings: Settings,
    conformance: Conformance,
) -> AsyncGenerator[AsyncClient]:
    """Serve the whole application in the test's own event loop, in which races are real."""
    app = build_app(AppContext(settings, database, vault, clock))
    # Litestar types the ASGI messages more closely than httpx asks.
    transport = ASGITransport(app)  # type: ignore[arg-type]
    async with AsyncClient(transport=transport, base_url="http://town.test") as client:
        client.event_hooks = {"response": [conformance]}
        yield client


@pytest.fixture
def town(app_client: AsyncClient, database: Database, vault: Vault, clock: SteppingClock) -> Town:
    """Give a town without residents or sources."""
    return Town(app_client, database, vault, clock)


@pytest.fixture
async def records(town: Town) -> RecordSystem:
    """Give a system that may tell statuses in the town."""
    return await town.connect_system()
