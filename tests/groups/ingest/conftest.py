"""A municipality with an exporter, a registrar, and a worker that imports."""

from pathlib import Path

import pytest
from httpx import AsyncClient

from backend.kernel.db import Database
from backend.kernel.personal_data import Vault
from backend.kernel.principals import PrincipalKind
from groups.public import FeedImporter, Sinks
from tests.drivers.clock import SteeredClock
from tests.drivers.people import ROPAZI, Caller, SignIn
from tests.groups.ingest.exporter import Exporter, connect_exporter
from tests.groups.registry.driver import Registry


@pytest.fixture
async def registrar(sign_in: SignIn) -> Caller:
    """Sign in a registrar."""
    return await sign_in(PrincipalKind.STAFF, ["registrar"])


@pytest.fixture
async def exporter(app_client: AsyncClient, registrar: Caller, clock: SteeredClock) -> Exporter:
    """Give a system that may send feeds."""
    return await connect_exporter(app_client, registrar, clock)


@pytest.fixture
def importer(
    database: Database, vault: Vault, clock: SteeredClock, registry: Registry, tmp_path: Path
) -> FeedImporter:
    """Give what a worker imports feeds with."""
    sinks = Sinks(preferences=registry.sink)
    return FeedImporter(database, (ROPAZI,), vault, clock, sinks, tmp_path / "registry-feeds")


@pytest.fixture
def registry(database: Database, vault: Vault, clock: SteeredClock, tmp_path: Path) -> Registry:
    """Give the registry of Ropaži with one family in its feed."""
    return Registry(database, vault, clock, tmp_path / "feed", tmp_path / "report.csv")
