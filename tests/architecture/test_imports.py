"""Who imports whom: the drawing of the layers, held by import-linter."""

import subprocess
import sys
import tomllib
from pathlib import Path
from pkgutil import iter_modules

import pytest

PROJECT = Path(__file__).parents[2]
DOORS = {"public", "routes", "jobs", "tables", "configured"}
PACKAGES = {
    "residents": "backend.residents",
    "staff": "backend.staff",
    "service_cases": "backend.service_cases",
    "groups": "groups",
    "notifications": "notifications",
}


def test_every_import_keeps_the_contracts() -> None:
    """Layers, features, doors, pure rules and SQL's place stand in pyproject.toml."""
    # In a process of its own: in ours it would silence every logger, for other tests to miss.
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    linted = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout


def test_the_contracts_have_no_exceptions() -> None:
    """Not one import is passed over."""
    for contract in _contracts():
        assert not {key for key in contract if key.startswith("ignore")}, contract["name"]


@pytest.mark.parametrize("identifier", PACKAGES)
def test_every_module_but_the_doors_is_protected(identifier: str) -> None:
    """A new module of a package is behind its doors at once."""
    package = PACKAGES[identifier]
    (contract,) = [one for one in _contracts() if one["id"] == identifier]
    folder = PROJECT.joinpath(*package.split("."))
    modules = {f"{package}.{module.name}" for module in iter_modules([str(folder)])}
    doors = {f"{package}.{door}" for door in DOORS}
    assert set(contract["protected_modules"]) == modules - doors


def _contracts() -> list[dict[str, str]]:
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts: list[dict[str, str]] = settings["tool"]["importlinter"]["contracts"]
    return contracts
