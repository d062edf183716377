"""The product's source and routes."""

from collections.abc import Sequence

import pytest

from tests.architecture.sources import PACKAGES, Source, sources_of
from tests.contract.served_routes import Route, served_routes


@pytest.fixture(scope="session")
def product() -> Sequence[Source]:
    """Give the product's files."""
    return sources_of(*PACKAGES)


@pytest.fixture(scope="session")
def everything() -> Sequence[Source]:
    """Give the product's files and those of its tests."""
    return sources_of(*PACKAGES, "tests")


@pytest.fixture(scope="session")
def routes() -> Sequence[Route]:
    """Give every route of the application."""
    return served_routes()
