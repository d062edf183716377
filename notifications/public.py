"""What other packages may use of the hub."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from backend.kernel.db import WriteSession
from backend.kernel.tenancy import MunicipalityId
from notifications.campaigns.latest import LastCampaign, last_campaign
from notifications.channels.ports import Channel, Misconfigured
from notifications.delivery.depth import QueueDepth, queue_depth
from notifications.delivery.rules import DeliveryState
from notifications.messages.rules import OUTSIDE, Kind, MessageClass
from notifications.messages.texts import ChannelText, LanguageTexts
from notifications.planning.requests import NewDispatch, Policy, Recipients, one_page
from notifications.planning.service import plan
from notifications.preferences.public import RegistryPreferences

__all__ = [
    "Channel",
    "DeliveryState",
    "LastCampaign",
    "MessageClass",
    "MessageText",
    "Misconfigured",
    "NewMessage",
    "Policy",
    "QueueDepth",
    "RegistryPreferences",
    "last_campaign",
    "queue_depth",
    "send_to_resident",
]

NUDGE_LIFETIME = timedelta(days=3)
"""How long announcements of a single message are tried; the inbox keeps the message."""


@dataclass(frozen=True, slots=True)
class MessageText:
    """The text of a message to one resident.

    `title` and `body` stay in the inbox; `nudge` is what other channels show instead: a line
    without personal data.
    """

    title: str
    body: str
    nudge: str


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to one resident; the same `deduplication_key` is sent once.

    `link` is a path of the app, such as /cases/<id>.
    """

    municipality: MunicipalityId
    resident_id: UUID
    message_class: MessageClass
    topic: str
    texts: Mapping[str, MessageText]
    link: str
    deduplication_key: str


async def send_to_resident(
    session: WriteSession, message: NewMessage, policy: Policy, now: datetime
) -> UUID | None:
    """Put a message into a resident's inbox and queue the nudges that announce it.

    Returns the dispatch, or None when the deduplication key was used before.
    """
    kind = Kind(message.message_class, None, frozenset(OUTSIDE))
    new = NewDispatch(
        municipality=message.municipality,
        deduplication_key=message.deduplication_key,
        kind=kind,
        topic=message.topic,
        texts={language: _with_nudges(text) for language, text in message.texts.items()},
        link=message.link,
        expires_at=now + NUDGE_LIFETIME,
    )
    recipients = Recipients(1, one_page([message.resident_id]))
    return await plan(session, new, recipients, policy, now)


def _with_nudges(text: MessageText) -> LanguageTexts:
    nudge = ChannelText(text.nudge, "")
    return LanguageTexts(
        inbox=ChannelText(text.title, text.body),
        push=nudge,
        email=nudge,
        sms=ChannelText("", text.nudge),
    )
