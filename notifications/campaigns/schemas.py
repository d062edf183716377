"""Campaigns as the staff API takes and gives them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from notifications.campaigns.rules import CampaignState
from notifications.channels.ports import Channel
from notifications.messages.rules import MessageClass, Severity
from notifications.messages.texts import LanguageTexts


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
    group_id: UUID | None
    audience_id: UUID | None
    texts: dict[str, LanguageTexts]
    transliterate_sms: bool
    expires_at: datetime
    created_at: datetime


class CampaignPage(Struct, rename="camel", frozen=True):
    """Campaigns, newest first; `next` is the cursor of the following page."""

    campaigns: list[CampaignView]
    next: UUID | None


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
