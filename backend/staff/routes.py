"""Routes of this package, by surface."""

from litestar.types import ControllerRouterHandler

from backend.staff.controllers import StaffSelfController, StaffSignInController

STAFF: tuple[ControllerRouterHandler, ...] = (StaffSignInController, StaffSelfController)
