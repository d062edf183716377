"""Routes of this package, by surface."""

from litestar.types import ControllerRouterHandler

from groups.definitions.controllers import GroupController
from groups.mine.controllers import MyGroupsController

STAFF: tuple[ControllerRouterHandler, ...] = (GroupController,)
MOBILE: tuple[ControllerRouterHandler, ...] = (MyGroupsController,)
