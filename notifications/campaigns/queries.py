"""Statements of campaigns."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.tenancy import MunicipalityId
from notifications.campaigns.models import Campaign, CampaignApproval


async def find(
    session: ReadSession, municipality: MunicipalityId, campaign_id: UUID
) -> Campaign | None:
    """Find a campaign."""
    return await session.get(Campaign, (municipality, campaign_id))


async def lock(
    session: WriteSession, municipality: MunicipalityId, campaign_id: UUID
) -> Campaign | None:
    """Find a campaign and hold it until commit, so that steps follow one another."""
    return await session.get(Campaign, (municipality, campaign_id), with_for_update=True)


async def lock_by_dispatch(
    session: WriteSession, municipality: MunicipalityId, dispatch_id: UUID
) -> Campaign | None:
    """Find and hold the campaign that a dispatch belongs to, if it is a campaign's."""
    return await session.scalar(
        select(Campaign)
        .where(Campaign.municipality_id == municipality, Campaign.dispatch_id == dispatch_id)
        .with_for_update()
    )


async def page(
    session: ReadSession, municipality: MunicipalityId, before: UUID | None, limit: int
) -> Sequence[Campaign]:
    """List campaigns, newest first, from before the cursor."""
    statement = (
        select(Campaign)
        .where(Campaign.municipality_id == municipality)
        .order_by(Campaign.id.desc())
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(Campaign.id < before)
    return (await session.scalars(statement)).all()


async def approval_of(session: ReadSession, campaign: Campaign) -> CampaignApproval | None:
    """Find the approval of the campaign's present version."""
    key = (campaign.municipality_id, campaign.id, campaign.version)
    return await session.get(CampaignApproval, key)


async def last_sent(session: ReadSession) -> Campaign | None:
    """Find the campaign of the tenants served that was planned last, else the newest unsent one."""
    return await session.scalar(
        select(Campaign)
        .order_by(Campaign.dispatch_id.desc().nulls_last(), Campaign.id.desc())
        .limit(1)
    )
