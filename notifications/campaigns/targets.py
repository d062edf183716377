"""For whom a campaign is: a group as it follows the data, or an audience frozen before."""

from backend.kernel.db import ReadSession
from backend.kernel.tenancy import MunicipalityId
from groups.public import Target, audience_target, group_target, rule_version_of
from notifications.campaigns.models import Campaign


async def target_of(session: ReadSession, campaign: Campaign) -> Target:
    """Give those whom a campaign would be sent to now.

    Raises:
        GroupNotFound, GroupHeld, GroupInvalid, GroupArchived: nobody can be sent to.
        AudienceNotFound: no such audience.
    """
    municipality = MunicipalityId(campaign.municipality_id)
    if campaign.group_id is not None:
        return await group_target(session, municipality, campaign.group_id)
    if campaign.target_audience_id is not None:
        return await audience_target(session, municipality, campaign.target_audience_id)
    raise ValueError("a campaign is for a group or for an audience")


async def present_rule_version(session: ReadSession, campaign: Campaign) -> int | None:
    """Give the version of the rule of the campaign's group; None for an audience.

    Raises:
        GroupNotFound, GroupHeld, GroupInvalid, GroupArchived: nobody can be sent to.
    """
    if campaign.group_id is None:
        return None
    municipality = MunicipalityId(campaign.municipality_id)
    return await rule_version_of(session, municipality, campaign.group_id)
