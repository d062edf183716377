"""The package's routes by surface."""

from litestar.types import ControllerRouterHandler

from notifications.campaigns.controllers import CampaignController, CampaignReviewController
from notifications.devices.controllers import DeviceController, WebPushController
from notifications.inbox.controllers import InboxController
from notifications.preferences.controllers import PreferenceController
from notifications.receipts.controllers import report_sms

MOBILE: tuple[ControllerRouterHandler, ...] = (
    DeviceController,
    InboxController,
    PreferenceController,
    WebPushController,
)
STAFF: tuple[ControllerRouterHandler, ...] = (CampaignController, CampaignReviewController)
INGEST: tuple[ControllerRouterHandler, ...] = (report_sms,)
