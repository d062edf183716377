"""A campaign's content: what of it is allowed, and how the hub reads it."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from backend.kernel.errors import Fault
from notifications.campaigns.models import Campaign
from notifications.campaigns.rules import SENDABLE_CLASSES
from notifications.channels.ports import Channel
from notifications.channels.sms.encoding import sms_parts, transliterate
from notifications.messages.rules import OUTSIDE, Kind, MessageClass, Severity
from notifications.messages.texts import (
    REQUIRED_LANGUAGE,
    ChannelText,
    LanguageTexts,
    Texts,
    text_for,
)
from notifications.preferences.rules import Topic

Name = Annotated[str, Meta(min_length=1, max_length=120)]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2}$(?!\n)")]
LONGEST_LIFE = timedelta(days=30)
LONGEST_TITLE, LONGEST_BODY, MOST_SMS_PARTS = 120, 4000, 6


class CampaignContent(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """What a communicator writes.

    It is for a group or for a frozen audience: `groupId` or `audienceId`. `severity` is given with the class `alert` only. `channels` are those outside the inbox, which
    every recipient gets. `texts` are by language; `lv` is required. `transliterateSms` writes SMS
    without diacritics, so that a part holds 160 characters and not 70.
    """

    name: Name
    message_class: MessageClass
    topic: str
    channels: list[Channel]
    texts: dict[Language, LanguageTexts]
    expires_at: Annotated[datetime, Meta(tz=True)]
    transliterate_sms: bool = False
    severity: Severity | UnsetType = UNSET
    group_id: UUID | UnsetType = UNSET
    audience_id: UUID | UnsetType = UNSET


def faults_of(content: CampaignContent, now: datetime) -> list[Fault]:
    """List what is not allowed in a campaign's content, each with its pointer."""
    return [*_target_faults(content), *_general_faults(content, now), *_text_faults(content)]


def _target_faults(content: CampaignContent) -> Iterator[Fault]:
    if (content.group_id is UNSET) == (content.audience_id is UNSET):
        yield Fault("/groupId", "one_target", "either a group or an audience")


def _general_faults(content: CampaignContent, now: datetime) -> Iterator[Fault]:
    if content.message_class not in SENDABLE_CLASSES:
        yield Fault("/messageClass", "class_not_available", "not available for campaigns yet")
    if (content.message_class is MessageClass.ALERT) != (content.severity is not UNSET):
        yield Fault("/severity", "severity_of_alert", "given with the class alert, and only then")
    if content.topic not in set(Topic):
        yield Fault("/topic", "unknown_topic", "one of: " + ", ".join(Topic))
    if not now < content.expires_at <= now + LONGEST_LIFE:
        yield Fault("/expiresAt", "expiry_out_of_range", "in the future, at most 30 days ahead")
    for position, channel in enumerate(content.channels):
        if channel not in OUTSIDE:
            yield Fault(f"/channels/{position}", "channel_not_chosen", "the inbox is always used")
    if len(set(content.channels)) != len(content.channels):
        yield Fault("/channels", "repeated", "each channel once")


def _text_faults(content: CampaignContent) -> Iterator[Fault]:
    if REQUIRED_LANGUAGE not in content.texts:
        yield Fault("/texts/lv", "text_missing", "the text in Latvian is required")
        return
    for language, texts in content.texts.items():
        for name, text in _given(texts):
            yield from _length_faults(f"/texts/{language}/{name}", text, sms=name == "sms")
        if Channel.SMS in content.channels:
            body = text_for(content.texts, language, Channel.SMS).body
            sent = transliterate(body) if content.transliterate_sms else body
            if sms_parts(sent).parts > MOST_SMS_PARTS:
                detail = f"more than {MOST_SMS_PARTS} SMS parts; give a shorter text for SMS"
                yield Fault(f"/texts/{language}/sms/body", "text_too_long", detail)


def _given(texts: LanguageTexts) -> Iterator[tuple[str, ChannelText]]:
    for name in ("inbox", "push", "email", "sms"):
        text = getattr(texts, name)
        if isinstance(text, ChannelText):
            yield name, text


def _length_faults(pointer: str, text: ChannelText, *, sms: bool) -> Iterator[Fault]:
    if not text.title.strip() and not sms:
        yield Fault(f"{pointer}/title", "text_missing", "a title is required")
    if not text.body.strip():
        yield Fault(f"{pointer}/body", "text_missing", "a body is required")
    if len(text.title) > LONGEST_TITLE:
        yield Fault(f"{pointer}/title", "text_too_long", f"at most {LONGEST_TITLE} characters")
    if len(text.body) > LONGEST_BODY:
        yield Fault(f"{pointer}/body", "text_too_long", f"at most {LONGEST_BODY} characters")


def columns_of(content: CampaignContent) -> Mapping[str, Any]:
    """Give the campaign's columns that the content fills."""
    severity = None if content.severity is UNSET else content.severity.value
    return {
        "name": content.name,
        "message_class": content.message_class.value,
        "severity": severity,
        "topic": content.topic,
        "channels": [channel.value for channel in content.channels],
        "texts": msgspec.to_builtins(content.texts),
        "transliterate_sms": content.transliterate_sms,
        "group_id": None if content.group_id is UNSET else content.group_id,
        "target_audience_id": None if content.audience_id is UNSET else content.audience_id,
        "expires_at": content.expires_at,
    }


def kind_of(campaign: Campaign) -> Kind:
    """Read what kind of sending a campaign is."""
    severity = Severity(campaign.severity) if campaign.severity else None
    channels = frozenset(Channel(channel) for channel in campaign.channels)
    return Kind(MessageClass(campaign.message_class), severity, channels)


def texts_of(campaign: Campaign) -> Texts:
    """Read a campaign's texts."""
    return msgspec.convert(campaign.texts, dict[str, LanguageTexts])
