"""Every route of the product, by the surface that it belongs to."""

from enum import StrEnum

from litestar.types import ControllerRouterHandler

import backend.residents.routes as residents
import backend.service_cases.routes as service_cases
import backend.staff.routes as staff
import notifications.routes as notifications
from backend.app.health import live, metrics, ready
from backend.console.overview.controllers import OVERVIEW
from groups import routes as groups


class Surface(StrEnum):
    """The audiences of the API; each has its own specification."""

    MOBILE = "mobile"
    STAFF = "staff"
    PARTNER = "partner"
    INGEST = "ingest"


SURFACES: dict[Surface, tuple[ControllerRouterHandler, ...]] = {
    Surface.MOBILE: (
        *residents.MOBILE,
        *groups.MOBILE,
        *notifications.MOBILE,
        *service_cases.MOBILE,
    ),
    Surface.STAFF: (
        *staff.STAFF,
        *groups.STAFF,
        *notifications.STAFF,
        *service_cases.STAFF,
    ),
    Surface.PARTNER: (),
    Surface.INGEST: (*groups.INGEST, *notifications.INGEST, *service_cases.INGEST),
}

OPERATIONS: tuple[ControllerRouterHandler, ...] = (*OVERVIEW, live, ready, metrics)
