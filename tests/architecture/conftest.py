"""The product's source and routes, as the tests of its architecture look at them."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from backend.app.context import AppContext
from backend.app.main import build_app
from backend.kernel.clock import system_clock
from backend.kernel.db import open_database
from backend.kernel.settings import load_settings

PROJECT = Path(__file__).parents[2]
PACKAGES = ("backend", "groups", "loyalty", "notifications")


@dataclass(frozen=True)
class Source:
    """One Python file."""

    path: str
    text: str

    @property
    def lines(self) -> list[str]:
        """Give its lines."""
        return self.text.splitlines()

    @property
    def nodes(self) -> Iterator[ast.AST]:
        """Walk its syntax."""
        return ast.walk(ast.parse(self.text))


@dataclass(frozen=True)
class Route:
    """One method of one path, and what answers it."""

    method: str
    path: str
    handler: HTTPRouteHandler

    @property
    def name(self) -> str:
        """Name it as people do."""
        return f"{self.method} {self.path}"


def _sources(*packages: str) -> list[Source]:
    return [
        Source(str(path.relative_to(PROJECT)), path.read_text(encoding="utf-8"))
        for package in packages
        for path in sorted((PROJECT / package).rglob("*.py"))
    ]


@pytest.fixture(scope="session")
def product() -> Sequence[Source]:
    """Give the product's files."""
    return _sources(*PACKAGES)


@pytest.fixture(scope="session")
def everything() -> Sequence[Source]:
    """Give the product's files and those of its tests."""
    return _sources(*PACKAGES, "tests")


@pytest.fixture(scope="session")
def app() -> Litestar:
    """Give the application; its database is never connected to."""
    settings = load_settings({})
    database = open_database("postgresql://nobody@localhost/nothing")
    return build_app(AppContext(settings, database, settings.vault(), system_clock))


@pytest.fixture(scope="session")
def routes(app: Litestar) -> Sequence[Route]:
    """List every route of the application; OPTIONS is the framework's own answer."""
    return [
        Route(method, route.path_format, handler)
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        for method in sorted(handler.http_methods)
        if method != "OPTIONS"
    ]
