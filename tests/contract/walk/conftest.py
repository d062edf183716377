"""Two municipalities, one of them furnished, and a way to walk all routes."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from httpx import AsyncClient

from backend.kernel.db import Database
from backend.kernel.personal_data import Vault
from backend.kernel.tenancy import MunicipalityId
from tests.contract.served_routes import Route, served_routes
from tests.contract.walk.furnished import Furnished, furnish
from tests.drivers.clock import SteeredClock
from tests.drivers.people import SignIn
from tests.service_cases.town import Town

ELSEWHERE = MunicipalityId(5000)


@pytest.fixture
def town(
    app_client: AsyncClient,
    database: Database,
    vault: Vault,
    clock: SteeredClock,
    sign_in: SignIn,
) -> Town:
    """Give the first municipality."""
    return Town(app_client, database, vault, clock, sign_in)


@pytest.fixture
def elsewhere(town: Town) -> Town:
    """Give another municipality."""
    return replace(town, tenant=ELSEWHERE)


@pytest.fixture
async def furnished(town: Town) -> Furnished:
    """Give the first municipality with something of every kind in it."""
    return await furnish(town)


@pytest.fixture(scope="session")
def routes() -> Sequence[Route]:
    """Give every route of the application."""
    return served_routes()
