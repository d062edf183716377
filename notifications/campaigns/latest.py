"""The last campaign of a deployment: aggregate figures that are fit for everyone to see."""

from dataclasses import dataclass
from datetime import datetime

from backend.kernel.db import ReadSession
from backend.kernel.tenancy import MunicipalityId
from notifications.campaigns import queries
from notifications.campaigns.content import kind_of
from notifications.campaigns.schemas import CampaignCounters
from notifications.campaigns.views import counters_view
from notifications.messages.rules import MessageClass, Severity


@dataclass(frozen=True, slots=True)
class LastCampaign:
    """What a campaign is and how its deliveries stand; no texts, no people, no audience's rule."""

    municipality: MunicipalityId
    name: str
    message_class: MessageClass
    severity: Severity | None
    created_at: datetime
    counters: CampaignCounters


async def last_campaign(session: ReadSession) -> LastCampaign | None:
    """Give the campaign of the tenants served that went out last, else the newest draft."""
    campaign = await queries.last_sent(session)
    if campaign is None:
        return None
    kind = kind_of(campaign)
    return LastCampaign(
        municipality=MunicipalityId(campaign.municipality_id),
        name=campaign.name,
        message_class=kind.message_class,
        severity=kind.severity,
        created_at=campaign.created_at,
        counters=await counters_view(session, campaign),
    )
