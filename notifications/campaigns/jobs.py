"""What follows a campaign's steps: planning it, and closing it when its dispatch is finished."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from backend.kernel.clock import Clock
from backend.kernel.db import WriteSession
from backend.kernel.logs import logger
from backend.kernel.outbox import Event, Handler
from backend.kernel.tenancy import MunicipalityId
from groups.public import (
    AudienceNotFound,
    GroupArchived,
    GroupHeld,
    GroupInvalid,
    GroupNotFound,
    freeze_audience,
    recipients,
    write_recipients,
)
from notifications.campaigns import queries
from notifications.campaigns.content import kind_of, texts_of
from notifications.campaigns.errors import CampaignChanged
from notifications.campaigns.models import Campaign
from notifications.campaigns.rules import CampaignState
from notifications.campaigns.service import SEND_REQUESTED
from notifications.delivery.content import MESSAGE_PLACE
from notifications.delivery.finishing import DISPATCH_FINISHED
from notifications.planning.decisions import BATCH
from notifications.planning.requests import NewDispatch, Policy, Recipients
from notifications.planning.service import plan

LOG = logger(__name__)
GONE = (
    AudienceNotFound,
    CampaignChanged,
    GroupArchived,
    GroupHeld,
    GroupInvalid,
    GroupNotFound,
)
"""Why nobody can be sent to any more."""


def campaign_handlers(policy: Policy, clock: Clock) -> Mapping[str, Handler]:
    """Give the handlers of the campaigns' outbox events by topic."""

    async def plan_campaign(session: WriteSession, event: Event) -> None:
        """Freeze the audience and write the plan; all of it, or nothing, in one transaction."""
        campaign_id = UUID(event.payload["campaignId"])
        campaign = await queries.lock(session, event.municipality, campaign_id)
        if campaign is None or campaign.state != CampaignState.SENDING or campaign.dispatch_id:
            return
        try:
            audience_id = await _audience(session, campaign, clock())
            written = await write_recipients(session, event.municipality, audience_id)
        except GONE as error:
            LOG.error("campaign_failed", campaign=campaign.id, reason=error.code)
            campaign.state = CampaignState.FAILED.value
        else:
            campaign.audience_id = audience_id
            pages = _pages(session, event.municipality, audience_id)
            campaign.dispatch_id = await plan(
                session, _dispatch(campaign), Recipients(written, pages), policy, clock()
            )

    async def close_campaign(session: WriteSession, event: Event) -> None:
        """Mark a campaign sent when nothing of its dispatch is left to be tried."""
        dispatch_id = UUID(event.payload["dispatchId"])
        campaign = await queries.lock_by_dispatch(session, event.municipality, dispatch_id)
        if campaign is not None and campaign.state == CampaignState.SENDING:
            campaign.state = CampaignState.SENT.value

    return {SEND_REQUESTED: plan_campaign, DISPATCH_FINISHED: close_campaign}


async def _audience(session: WriteSession, campaign: Campaign, now: datetime) -> UUID:
    """Name the audience that was approved, or freeze the group if it follows the approved rule."""
    approval = await queries.approval_of(session, campaign)
    if approval is None:
        raise CampaignChanged
    if campaign.group_id is None:
        if campaign.target_audience_id is None:
            raise AudienceNotFound
        return campaign.target_audience_id
    municipality = MunicipalityId(campaign.municipality_id)
    audience = await freeze_audience(session, municipality, campaign.group_id, now)
    if approval.group_rule_version != audience.rule_version:
        raise CampaignChanged
    return audience.id


async def _pages(
    session: WriteSession, municipality: MunicipalityId, audience_id: UUID
) -> AsyncGenerator[Sequence[UUID]]:
    """Read the recipients written down, a batch at a time."""
    read = 0
    while page := await recipients(session, municipality, audience_id, read - 1, BATCH):
        yield page
        read += len(page)


def _dispatch(campaign: Campaign) -> NewDispatch:
    return NewDispatch(
        municipality=MunicipalityId(campaign.municipality_id),
        deduplication_key=f"campaign:{campaign.id}",
        kind=kind_of(campaign),
        topic=campaign.topic,
        texts=texts_of(campaign),
        link=f"/inbox/{MESSAGE_PLACE}",
        expires_at=campaign.expires_at,
        transliterate_sms=campaign.transliterate_sms,
    )
