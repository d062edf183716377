"""A hamlet, and an engine that follows it when it is told."""

import asyncio

import pytest

from backend.kernel.db import Database
from backend.kernel.personal_data import Vault
from backend.kernel.tenancy import MunicipalityId
from backend.kernel.wakeups import Bell
from groups.engine.engine import Engine
from tests.drivers.clock import SteeredClock
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
