"""Routes of this package, by surface."""

from litestar.types import ControllerRouterHandler

from groups.audiences.controllers import AudienceController
from groups.definitions.attention_controllers import AttentionController
from groups.definitions.controllers import GroupController
from groups.disclosures.controllers import DisclosureController, MyDisclosuresController
from groups.explanations.controllers import WhyController
from groups.ingest.controllers import RegistryFeedController
from groups.ingest.source_controllers import RegistrySourceController
from groups.ingest.staff_controllers import StaffFeedController
from groups.mine.controllers import MyGroupsController
from groups.previews.controllers import PreviewController
from groups.queryables.controllers import QueryablesController

STAFF: tuple[ControllerRouterHandler, ...] = (
    GroupController,
    AttentionController,
    PreviewController,
    QueryablesController,
    AudienceController,
    DisclosureController,
    RegistrySourceController,
    StaffFeedController,
)
MOBILE: tuple[ControllerRouterHandler, ...] = (
    MyGroupsController,
    WhyController,
    MyDisclosuresController,
)
INGEST: tuple[ControllerRouterHandler, ...] = (RegistryFeedController,)
