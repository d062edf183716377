"""The generated contract, made once for all tests that read it."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from backend.app.openapi_files import contract_files
from backend.app.routes import Surface


@pytest.fixture(scope="session")
def files() -> Mapping[str, bytes]:
    """Give the generated files by path."""
    return contract_files()


@pytest.fixture(scope="session")
def specifications(files: Mapping[str, bytes]) -> Mapping[Surface, dict[str, Any]]:
    """Give the API descriptions as a reader of the files gets them."""
    return {
        surface: msgspec.json.decode(files[f"openapi/{surface}.json"], type=dict[str, Any])
        for surface in Surface
    }
