"""Every route says whom it serves."""

import inspect
from collections.abc import Sequence

from backend.app.routes import Surface
from backend.kernel.guards import SERVES
from backend.kernel.idempotency import Once
from backend.kernel.principals import PrincipalKind
from backend.staff.public import StaffRole
from tests.contract.served_routes import Route

PUBLIC_ROUTES = {
    "GET /",
    "GET /overview/assets/{name}",
    "GET /overview/live",
    "GET /health/live",
    "GET /health/ready",
    "GET /metrics",
    "GET /schema",
    "GET /schema/assets/{name}",
    *(f"GET /schema/{surface}" for surface in Surface),
    *(f"GET /schema/{surface}.json" for surface in Surface),
    "POST /mobile/v1/sessions",
    "POST /staff/v1/sessions",
}
"""Whom anybody may call; a route becomes public only by a line here."""

SYSTEM_ROUTES = {
    "GET /ingest/v1/registry/{feed}",
    "GET /ingest/v1/registry/{feed}/report",
    "PATCH /ingest/v1/registry/{feed}/files/{file}",
    "POST /ingest/v1/registry/{feed}/complete",
    "PUT /ingest/v1/registry/{feed}",
    "POST /ingest/v1/sms-receipts/{reference}",
    "POST /ingest/v1/{municipality}/status-events",
}
"""Those verify their caller themselves: by a signature, or by an unguessable reference."""

PRINCIPAL_OF = {
    Surface.MOBILE: PrincipalKind.RESIDENT,
    Surface.STAFF: PrincipalKind.STAFF,
    Surface.PARTNER: PrincipalKind.OUTLET,
}


def test_every_route_declares_its_principal(routes: Sequence[Route]) -> None:
    """Kind and roles stand in the route's opt; roles are known, and only staff has them."""
    assert routes
    for route in routes:
        assert isinstance(route.handler.opt.get(SERVES), PrincipalKind), route.name
        assert route.roles <= set(StaffRole), route.name
        assert not route.roles or route.kind == PrincipalKind.STAFF, route.name


def test_the_public_and_the_system_routes_are_the_listed_ones(routes: Sequence[Route]) -> None:
    """Both ways: none more, and none that is gone."""
    assert _names(routes, PrincipalKind.PUBLIC) == PUBLIC_ROUTES
    assert _names(routes, PrincipalKind.SYSTEM) == SYSTEM_ROUTES


def test_a_surface_serves_its_principal_only(routes: Sequence[Route]) -> None:
    """What is not public on a surface is for its own audience."""
    for surface, kind in PRINCIPAL_OF.items():
        served = {
            route.kind
            for route in routes
            if route.path.startswith(f"/{surface}/") and route.name not in PUBLIC_ROUTES
        }
        assert served <= {kind}


def test_every_post_is_done_at_most_once(routes: Sequence[Route]) -> None:
    """On mobile, staff and partner a POST takes `once`, which needs an Idempotency-Key."""
    posts = [
        route
        for route in routes
        if route.method == "POST" and route.path.startswith(tuple(f"/{s}/" for s in PRINCIPAL_OF))
    ]
    assert posts
    for route in posts:
        if route.name in PUBLIC_ROUTES:  # nobody is signed in: the door makes the `Once`
            assert "door" in _parameters(route), route.name
        else:
            assert "once" in _parameters(route), route.name
            assert Once in _classes(route), route.name


def test_every_handler_is_described(routes: Sequence[Route]) -> None:
    """An operation id and a docstring: they become the API's description."""
    for route in routes:
        assert isinstance(route.handler.operation_id, str), route.name
        assert route.handler.fn.__doc__, route.name


def _names(routes: Sequence[Route], kind: PrincipalKind) -> set[str]:
    return {route.name for route in routes if route.kind == kind}


def _parameters(route: Route) -> set[str]:
    return set(inspect.signature(route.handler.fn).parameters)


def _classes(route: Route) -> set[object]:
    return {field.annotation for field in route.handler.parsed_fn_signature.parameters.values()}
