"""From a campaign's row to what the API shows."""

from backend.kernel.db import ReadSession
from backend.kernel.tenancy import MunicipalityId
from notifications.campaigns.content import kind_of, texts_of
from notifications.campaigns.models import Campaign
from notifications.campaigns.rules import CampaignState
from notifications.campaigns.schemas import CampaignCounters, CampaignView, ChannelCounters
from notifications.channels.ports import Channel
from notifications.delivery.results import Moves, tally_of


def view(campaign: Campaign) -> CampaignView:
    """Show a campaign."""
    kind = kind_of(campaign)
    return CampaignView(
        id=campaign.id,
        state=CampaignState(campaign.state),
        version=campaign.version,
        name=campaign.name,
        message_class=kind.message_class,
        severity=kind.severity,
        topic=campaign.topic,
        channels=[Channel(channel) for channel in campaign.channels],
        group_id=campaign.group_id,
        audience_id=campaign.target_audience_id,
        texts=dict(texts_of(campaign)),
        transliterate_sms=campaign.transliterate_sms,
        expires_at=campaign.expires_at,
        created_at=campaign.created_at,
    )


async def counters_view(session: ReadSession, campaign: Campaign) -> CampaignCounters:
    """Show a campaign's counters; all zero before it was planned."""
    municipality = MunicipalityId(campaign.municipality_id)
    tally: Moves = {}
    if campaign.dispatch_id is not None:
        tally = await tally_of(session, municipality, campaign.dispatch_id)
    channels = [
        _channel(channel, tally) for channel in Channel if any(c is channel for c, _ in tally)
    ]
    inbox = next((c.targeted for c in channels if c.channel is Channel.INBOX), 0)
    return CampaignCounters(CampaignState(campaign.state), inbox, channels)


def _channel(channel: Channel, tally: Moves) -> ChannelCounters:
    states = {state.value: count for (c, state), count in tally.items() if c is channel}
    return ChannelCounters(channel, sum(states.values()), states)
