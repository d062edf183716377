"""Residents to count, and staff who ask."""

import pytest

from backend.kernel.db import Database
from backend.kernel.personal_data import Vault
from backend.kernel.tenancy import MunicipalityId
from tests.groups.townsfolk import Townsfolk


@pytest.fixture
def townsfolk(database: Database, vault: Vault) -> Townsfolk:
    """Give the residents of Ropaži municipality."""
    return Townsfolk(database, vault)


@pytest.fixture
def neighbours(database: Database, vault: Vault) -> Townsfolk:
    """Give the residents of another municipality."""
    return Townsfolk(database, vault, MunicipalityId(1000))
