"""A hamlet, an engine that follows it when it is told, and the product as processes."""

import asyncio
from collections.abc import Generator
from pathlib import Path

import pytest

from backend.kernel.db import Database
from backend.kernel.personal_data import Vault
from backend.kernel.tenancy import MunicipalityId
from backend.kernel.wakeups import Bell
from groups.engine.engine import Engine
from tests.drivers.clock import SteeredClock
from tests.drivers.installation import Installation
from tests.groups.engine.hamlet import Hamlet


@pytest.fixture
def hamlet(database: Database, vault: Vault, clock: SteeredClock) -> Hamlet:
    """Give Ropaži municipality."""
    return Hamlet(database, vault, clock)


@pytest.fixture
def other(database: Database, vault: Vault, clock: SteeredClock) -> Hamlet:
    """Give another municipality."""
    return Hamlet(database, vault, clock, MunicipalityId(9000))


@pytest.fixture
def engine(database: Database, clock: SteeredClock, hamlet: Hamlet, other: Hamlet) -> Engine:
    """Give an engine that follows both when it is told to."""
    served = (hamlet.municipality, other.municipality)
    return Engine(database, served, clock, Bell(asyncio.Event()))


@pytest.fixture
def installation(app_url: str, tmp_path: Path) -> Generator[Installation]:
    """Give an installation for one municipality on the test's database; nothing of it runs yet."""
    settings = {"database_url": app_url, "municipalities": "LV0044000"}
    installation = Installation(tmp_path, settings)
    yield installation
    installation.end()
