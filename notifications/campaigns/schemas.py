"""Campaigns as the staff API takes and gives them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from notifications.campaigns.rules import CampaignState
from notifications.channels.ports import Channel
from notifications.messages.rules import MessageClass, Severity
from notifications.messages.texts import LanguageTexts

Name = Annotated[str, Meta(min_length=1, max_length=120)]
Language = Annotated[str, Meta(pattern="^[a-z]{2}$")]


class CampaignContent(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """What a communicator writes.

    `severity` is given with the class `alert` only. `channels` are those outside the inbox, which
    every recipient gets. `texts` are by language; `lv` is required. `transliterateSms` writes SMS
    without diacritics, so that a part holds 160 characters and not 70.
    """

    name: Name
    message_class: MessageClass
    topic: str
    channels: list[Channel]
    group_id: UUID
    texts: dict[Language, LanguageTexts]
    expires_at: Annotated[datetime, Meta(tz=True)]
    transliterate_sms: bool = False
    severity: Severity | UnsetType = UNSET


class CampaignView(Struct, rename="camel", frozen=True):
    """A campaign; `version` goes into If-Match of an edit."""

    id: UUID
    state: CampaignState
    version: int
    name: str
    message_class: MessageClass
    severity: Severity | None
    topic: str
    channels: list[Channel]
    group_id: UUID
    texts: dict[str, LanguageTexts]
    transliterate_sms: bool
    expires_at: datetime
    created_at: datetime


class CampaignPage(Struct, rename="camel", frozen=True):
    """Campaigns, newest first; `next` is the cursor of the following page."""

    campaigns: list[CampaignView]
    next: UUID | None


class ChannelPreview(Struct, rename="camel", frozen=True):
    """What would happen on one channel: deliveries, and who is left out for which reason."""

    channel: Channel
    deliveries: int
    excluded: dict[str, int]


class SmsPreview(Struct, rename="camel", frozen=True):
    """The SMS text in one language: encoding, parts a message, messages."""

    language: str
    text: str
    encoding: str
    parts: int
    messages: int


class CampaignPreview(Struct, rename="camel", frozen=True):
    """What an approver must see; `digest` binds the approval to exactly this.

    Costs are in euro cents; `costAsPostCents` is what letters to all would cost.
    """

    audience: int
    channels: list[ChannelPreview]
    sms: list[SmsPreview]
    sms_parts: int
    cost_cents: int
    cost_as_post_cents: int
    digest: str


class ApprovalRequest(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """The digest of the preview that was seen; a reason only to approve alone (break-glass)."""

    digest: str
    break_glass_reason: Annotated[str, Meta(min_length=10, max_length=500)] | UnsetType = UNSET


class ChannelCounters(Struct, rename="camel", frozen=True):
    """One channel's counters: `targeted` is always the sum over the states."""

    channel: Channel
    targeted: int
    states: dict[str, int]


class CampaignCounters(Struct, rename="camel", frozen=True):
    """The campaign's counters now."""

    state: CampaignState
    recipients: int
    channels: list[ChannelCounters]
