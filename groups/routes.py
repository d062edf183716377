"""Routes of this package, by surface."""

from litestar.types import ControllerRouterHandler

from groups.audiences.controllers import AudienceController
from groups.definitions.controllers import GroupController
from groups.disclosures.controllers import DisclosureController, MyDisclosuresController
from groups.explanations.controllers import WhyController
from groups.mine.controllers import MyGroupsController
from groups.previews.controllers import PreviewController
from groups.queryables.controllers import QueryablesController

STAFF: tuple[ControllerRouterHandler, ...] = (
    GroupController,
    PreviewController,
    QueryablesController,
    AudienceController,
    DisclosureController,
)
MOBILE: tuple[ControllerRouterHandler, ...] = (
    MyGroupsController,
    WhyController,
    MyDisclosuresController,
)
