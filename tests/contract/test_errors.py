"""The catalogue of refusals, against the program that refuses."""

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import walk_packages

import msgspec
import pytest
from msgspec import Struct

from backend.app.openapi_errors import PACKAGES, declared_codes, refusals
from backend.app.routes import SURFACES
from backend.kernel.errors import DomainError

ENTRY_POINTS = (".__main__", ".env")
"""Modules that act when they are imported."""


class Entry(Struct, forbid_unknown_fields=True, frozen=True):
    """One refusal in the catalogue."""

    code: str
    status: int
    title: dict[str, str]
    surfaces: list[str]


class Catalogue(Struct, forbid_unknown_fields=True, frozen=True):
    """The catalogue."""

    errors: list[Entry]


@pytest.fixture(scope="session")
def catalogue(files: Mapping[str, bytes]) -> Catalogue:
    """Give the generated catalogue."""
    return msgspec.json.decode(files["mobile-contract/errors.json"], type=Catalogue)


def every_refusal() -> Iterator[type[DomainError]]:
    """Walk the refusals of all modules, wherever they are declared."""
    for package in PACKAGES:
        for module in walk_packages(import_module(package).__path__, f"{package}."):
            if not module.name.endswith(ENTRY_POINTS) and ".versions" not in module.name:
                import_module(module.name)
    return refusals()


def test_every_refusal_of_the_program_is_in_the_catalogue_and_no_other(
    catalogue: Catalogue,
) -> None:
    """Both ways, in order."""
    declared = {str(code) for refusal in every_refusal() for code in refusal.titles}
    listed = [entry.code for entry in catalogue.errors]
    assert listed == sorted(set(listed))
    assert declared <= set(listed)
    assert set(listed) == set(declared_codes())


def test_a_code_means_one_thing() -> None:
    """One status and one title, even where two classes share it."""
    meanings: dict[str, set[tuple[str, str, str]]] = {}
    for refusal in every_refusal():
        for code, title in refusal.titles.items():
            meanings.setdefault(str(code), set()).add((refusal.kind, title.lv, title.en))
    assert {code: found for code, found in meanings.items() if len(found) > 1} == {}


def test_every_refusal_has_a_title_in_both_languages(catalogue: Catalogue) -> None:
    """Codes are snake_case, titles are not empty, not equal, and end without a period."""
    for entry in catalogue.errors:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", entry.code)
        assert set(entry.title) == {"lv", "en"}
        assert all(text.strip() and not text.endswith(".") for text in entry.title.values())
        assert entry.title["lv"] != entry.title["en"], entry.code
        assert 400 <= entry.status < 600


def test_surfaces_are_those_that_are_served(catalogue: Catalogue) -> None:
    """Sorted names of audiences that have routes."""
    served = {surface.value for surface, handlers in SURFACES.items() if handlers}
    for entry in catalogue.errors:
        assert entry.surfaces == sorted(set(entry.surfaces) & served)
