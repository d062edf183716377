"""All tables of the package, for migrations."""

from notifications.campaigns.models import Campaign, CampaignApproval
from notifications.delivery.models import Chunk, DeliveryResult, ProviderReceipt, Tally
from notifications.devices.models import Device, WebPushSubscription
from notifications.messages.models import Dispatch, Message
from notifications.preferences.models import Preference

__all__ = [
    "Campaign",
    "CampaignApproval",
    "Chunk",
    "DeliveryResult",
    "Device",
    "Dispatch",
    "Message",
    "Preference",
    "ProviderReceipt",
    "Tally",
    "WebPushSubscription",
]
