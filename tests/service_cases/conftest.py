"""A town with its HTTP application."""

import pytest
from httpx import AsyncClient

from backend.kernel.db import Database
from backend.kernel.personal_data import Vault
from tests.drivers.clock import SteeredClock
from tests.drivers.people import SignIn
from tests.service_cases.town import RecordSystem, Town


@pytest.fixture
def town(
    app_client: AsyncClient,
    database: Database,
    vault: Vault,
    clock: SteeredClock,
    sign_in: SignIn,
) -> Town:
    """Give a town without residents or sources."""
    return Town(app_client, database, vault, clock, sign_in)


@pytest.fixture
async def records(town: Town) -> RecordSystem:
    """Give a system that may tell statuses in the town."""
    return await town.connect_system()
