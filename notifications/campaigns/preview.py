"""What a campaign would do: audience, exclusions by reason, SMS parts, cost, and their digest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from backend.kernel.clock import civil_day
from backend.kernel.db import ReadSession
from backend.kernel.personal_data import Vault
from groups.public import Target
from notifications.campaigns.content import kind_of, texts_of
from notifications.campaigns.models import Campaign
from notifications.channels.ports import Channel
from notifications.channels.sms.encoding import sms_parts, transliterate
from notifications.messages.rules import OUTSIDE
from notifications.messages.texts import Texts, text_for
from notifications.planning.decisions import BATCH, Summary, decide

DIGEST_LABEL = "campaign_approval.digest"
ZONE = ZoneInfo("Europe/Riga")
"""Prices change at midnight in Latvia."""


@dataclass(frozen=True, slots=True)
class Tariff:
    """Dated prices in euro cents: (first day, cents), in any order."""

    sms_part: Sequence[tuple[date, int]]
    letter: Sequence[tuple[date, int]]


class ChannelPreview(Struct, rename="camel", frozen=True):
    """What would happen on one channel: deliveries, and who is left out for which reason.

    Of a small audience no figure is shown: `deliveries` is null and `excluded` empty.
    """

    channel: Channel
    deliveries: int | None
    excluded: dict[str, int]


class SmsPreview(Struct, rename="camel", frozen=True):
    """The SMS text in one language: encoding, parts a message, messages (null: few recipients)."""

    language: str
    text: str
    encoding: str
    parts: int
    messages: int | None


class CampaignPreview(Struct, rename="camel", frozen=True):
    """What an approver must see; `digest` binds the approval to exactly this.

    Costs are in euro cents; `costAsPostCents` is what letters to all would cost. Of an audience
    below the minimum every figure is null and `fewerThan` says the minimum: counts of a few people
    tell of each of them. Both are null of an audience whose own count was withheld.
    """

    audience: int | None
    fewer_than: int | None
    channels: list[ChannelPreview]
    sms: list[SmsPreview]
    sms_parts: int | None
    cost_cents: int | None
    cost_as_post_cents: int | None
    digest: str


def price_on(prices: Sequence[tuple[date, int]], day: date) -> int:
    """Give the price in force on a day, 0 before the first one."""
    return max((price for price in prices if price[0] <= day), default=(day, 0))[1]


async def preview(
    session: ReadSession,
    campaign: Campaign,
    target: Target,
    tariff: Tariff,
    vault: Vault,
    now: datetime,
) -> CampaignPreview:
    """Count what sending now to the target would do; nothing is written, nothing hidden."""
    kind, texts, summary = kind_of(campaign), texts_of(campaign), Summary()
    pages = target.pages(session, BATCH)
    async for decisions in decide(session, target.municipality, kind, campaign.topic, texts, pages):
        for decision in decisions:
            summary.add(decision)
    day = civil_day(now, ZONE)
    sms = _sms(texts, summary, transliterated=campaign.transliterate_sms)
    parts = sum(line.parts * (line.messages or 0) for line in sms)
    shown = CampaignPreview(
        audience=summary.audience,
        fewer_than=None,
        channels=[_channel(c, summary) for c in OUTSIDE if c in kind.channels],
        sms=sms,
        sms_parts=parts,
        cost_cents=parts * price_on(tariff.sms_part, day),
        cost_as_post_cents=summary.audience * price_on(tariff.letter, day),
        digest="",
    )
    return msgspec.structs.replace(
        shown, digest=digest(campaign, target.rule_version, shown, vault)
    )


def as_shown(preview: CampaignPreview, target: Target, minimum: int) -> CampaignPreview:
    """Hide the figures of an audience below the minimum, and of one whose count was withheld."""
    if preview.audience is None or preview.audience < minimum:
        return _without_figures(preview, fewer_than=minimum)
    return preview if target.size_shown else _without_figures(preview, fewer_than=None)


def _without_figures(shown: CampaignPreview, *, fewer_than: int | None) -> CampaignPreview:
    return CampaignPreview(
        audience=None,
        fewer_than=fewer_than,
        channels=[ChannelPreview(line.channel, None, {}) for line in shown.channels],
        sms=[msgspec.structs.replace(line, messages=None) for line in shown.sms],
        sms_parts=None,
        cost_cents=None,
        cost_as_post_cents=None,
        digest=shown.digest,
    )


def digest(
    campaign: Campaign, rule_version: int | None, shown: CampaignPreview, vault: Vault
) -> str:
    """Digest (HMAC-SHA-256, hex) everything an approval is bound to.

    Keyed: of a digest anybody can make, hidden figures could be found by trying all.
    """
    bound: tuple[object, ...] = (
        campaign.id,
        campaign.version,
        campaign.message_class,
        campaign.severity,
        campaign.topic,
        campaign.channels,
        campaign.texts,
        campaign.transliterate_sms,
        campaign.group_id,
        campaign.target_audience_id,
        rule_version,
        campaign.expires_at,
        msgspec.structs.replace(shown, digest=""),
    )
    written = msgspec.json.encode(bound, order="sorted").decode()
    return vault.digest(written, label=DIGEST_LABEL).hex()


def _channel(channel: Channel, summary: Summary) -> ChannelPreview:
    return ChannelPreview(
        channel=channel,
        deliveries=sum(n for (c, _), n in summary.deliveries.items() if c is channel),
        excluded={reason.value: n for (c, reason), n in summary.exclusions.items() if c is channel},
    )


def _sms(texts: Texts, summary: Summary, *, transliterated: bool) -> list[SmsPreview]:
    lines: list[SmsPreview] = []
    for (channel, language), messages in sorted(summary.deliveries.items()):
        if channel is not Channel.SMS:
            continue
        body = text_for(texts, language, Channel.SMS).body
        sent = transliterate(body) if transliterated else body
        count = sms_parts(sent)
        lines.append(SmsPreview(language, sent, count.encoding.value, count.parts, messages))
    return lines
