"""Routes of this package, by surface."""

from litestar.types import ControllerRouterHandler

from backend.service_cases.controllers import (
    ResidentCaseController,
    StaffCaseController,
    StatusEventController,
)
from backend.service_cases.source_controllers import StatusSourceController

MOBILE: tuple[ControllerRouterHandler, ...] = (ResidentCaseController,)
STAFF: tuple[ControllerRouterHandler, ...] = (StaffCaseController, StatusSourceController)
INGEST: tuple[ControllerRouterHandler, ...] = (StatusEventController,)
