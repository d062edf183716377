"""Every route that the application serves, and whom it serves."""

from dataclasses import dataclass

from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from backend.app.context import AppContext
from backend.app.main import build_app
from backend.kernel.clock import system_clock
from backend.kernel.db import open_database
from backend.kernel.guards import NEEDS_ROLE, SERVES
from backend.kernel.principals import PrincipalKind
from backend.kernel.settings import load_settings


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

    @property
    def kind(self) -> PrincipalKind:
        """Tell whom it serves."""
        kind = self.handler.opt[SERVES]
        assert isinstance(kind, PrincipalKind), self.name
        return kind

    @property
    def roles(self) -> frozenset[str]:
        """Tell of which roles one is needed; empty: of none."""
        roles = self.handler.opt[NEEDS_ROLE]
        assert isinstance(roles, frozenset), self.name
        return roles


def served_routes() -> list[Route]:
    """List every route of the application; OPTIONS is the framework's own answer."""
    settings = load_settings({})
    nowhere = open_database("postgresql://nobody@localhost/nothing")
    app = build_app(AppContext(settings, nowhere, settings.vault(), system_clock))
    return [
        Route(method, route.path_format, handler)
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        for method in sorted(handler.http_methods)
        if method != "OPTIONS"
    ]
