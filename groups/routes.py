"""Routes of this package, by surface."""

from litestar.types import ControllerRouterHandler

from groups.definitions.controllers import GroupController
from groups.mine.controllers import MyGroupsController
from groups.queryables.controllers import QueryablesController

STAFF: tuple[ControllerRouterHandler, ...] = (GroupController, QueryablesController)
MOBILE: tuple[ControllerRouterHandler, ...] = (MyGroupsController,)
