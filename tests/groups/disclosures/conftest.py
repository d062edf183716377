"""Residents with names, a group, and staff who may be told."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from backend.kernel.db import Database
from backend.kernel.personal_data import Vault
from backend.kernel.principals import PrincipalKind
from tests.drivers.people import Caller, SignIn
from tests.groups.audiences.freezing import group_of
from tests.groups.previews.asking import parish
from tests.groups.townsfolk import Townsfolk

NAMES = (("Anna", "Bērziņa"), ("=HYPERLINK(1)", "Ozols"), ("Līga", "-Kalniņa"))


@pytest.fixture
def townsfolk(database: Database, vault: Vault) -> Townsfolk:
    """Give the residents of Ropaži municipality."""
    return Townsfolk(database, vault)


@pytest.fixture
async def residents(townsfolk: Townsfolk) -> Sequence[UUID]:
    """Give three residents with names of their own."""
    return await townsfolk.settle(3, names=NAMES)


@pytest.fixture
async def group(communicator: Caller, residents: Sequence[UUID]) -> dict[str, Any]:
    """Give a group of the three."""
    assert residents
    return await group_of(communicator, parish())


@pytest.fixture
async def registrar(sign_in: SignIn) -> Caller:
    """Give a registrar."""
    return await sign_in(PrincipalKind.STAFF, ["registrar"])
