"""Residents to be sent to."""

import pytest

from backend.kernel.db import Database
from backend.kernel.personal_data import Vault
from tests.groups.townsfolk import Townsfolk


@pytest.fixture
def townsfolk(database: Database, vault: Vault) -> Townsfolk:
    """Give the residents of Ropaži municipality."""
    return Townsfolk(database, vault)
