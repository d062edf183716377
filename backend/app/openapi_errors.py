"""The catalogue of refusals: every public code, its status, its titles, where it occurs."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

from backend.app.openapi_operations import codes_of
from backend.app.openapi_schemas import Json
from backend.app.routes import SURFACES
from backend.kernel.errors import DomainError, Text
from backend.kernel.problems import PROTOCOL_TITLES, STATUS_OF

PACKAGES = ("backend", "groups", "loyalty", "notifications")
ANYWHERE = (
    "internal_error",
    "method_not_allowed",
    "not_found",
    "too_large",
    "try_again",
    "unsupported_media_type",
)
"""Codes that no operation lists, because every one may answer with them."""


def error_catalogue(specifications: Mapping[str, Json]) -> Json:
    """List the refusals by code; `specifications` are the audiences' API descriptions."""
    occurring = {surface: set(_codes_in(one)) for surface, one in specifications.items()}
    served = sorted(surface.value for surface, handlers in SURFACES.items() if handlers)
    return {
        "errors": [
            {
                "code": code,
                "status": status,
                "title": {"lv": title.lv, "en": title.en},
                "surfaces": served
                if code in ANYWHERE
                else sorted(surface for surface, codes in occurring.items() if code in codes),
            }
            for code, (status, title) in sorted(declared_codes().items())
        ]
    }


def declared_codes() -> Mapping[str, tuple[int, Text]]:
    """Give status and title of every code that the loaded program may answer with.

    Raises:
        ValueError: a code stands for two different things.
    """
    codes = {code: (status, title) for status, (code, title) in PROTOCOL_TITLES.items()}
    for refusal in refusals():
        for code, title in refusal.titles.items():
            meaning = (STATUS_OF[refusal.kind].value, title)
            if codes.setdefault(str(code), meaning) != meaning:
                raise ValueError(f"{code} means two things; one is {refusal.__qualname__}")
    return codes


def refusals() -> Iterator[type[DomainError]]:
    """Walk the refusals that the product's packages declare, whether in use already or not."""
    for package in PACKAGES:
        for module in walk_packages(import_module(package).__path__, f"{package}."):
            if module.name.endswith(".errors"):
                import_module(module.name)
    yield from _refusals_below(DomainError)


def _refusals_below(base: type[DomainError]) -> Iterator[type[DomainError]]:
    for refusal in base.__subclasses__():
        yield from _refusals_below(refusal)
        if refusal.__module__.partition(".")[0] in PACKAGES and "titles" in vars(refusal):
            yield refusal


def _codes_in(specification: Json) -> Iterator[str]:
    paths: Mapping[str, Mapping[str, Any]] = specification["paths"]
    for operations in paths.values():
        for operation in operations.values():
            for response in operation["responses"].values():
                yield from codes_of(response)
