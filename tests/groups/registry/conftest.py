"""Fixtures of the registry's tests."""

from pathlib import Path

import pytest

from backend.kernel.clock import Clock
from backend.kernel.db import Database
from backend.kernel.personal_data import Vault
from tests.groups.registry.driver import Registry


@pytest.fixture
def registry(database: Database, vault: Vault, clock: Clock, tmp_path: Path) -> Registry:
    """Give the registry of Ropaži with one family in its feed."""
    return Registry(database, vault, clock, tmp_path / "feed", tmp_path / "report.csv")
