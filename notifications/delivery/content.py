"""From a queued message to what a channel sends: text, address, reference, link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from backend.kernel.db import ReadSession
from backend.kernel.tenancy import MunicipalityId
from notifications.channels.ports import Channel, Endpoint, Outgoing
from notifications.channels.sms.encoding import transliterate
from notifications.delivery.queries import Claim, QueuedMessage
from notifications.delivery.references import DeliveryKey, write_reference
from notifications.messages.models import Dispatch
from notifications.messages.rules import Kind, MessageClass, Severity
from notifications.messages.texts import LanguageTexts, Texts, text_for

MESSAGE_PLACE = "{message}"
"""Stands in a dispatch's link for the id of the resident's own message."""


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a dispatch as sent."""

    kind: Kind
    texts: Texts
    link: str
    transliterate_sms: bool
    expires_at: datetime
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes what leaves: `public_url` heads the links, `receipt_key` signs the references."""

    public_url: str
    receipt_key: bytes

    def outgoing(
        self, claim: Claim, content: Content, message: QueuedMessage, endpoints: Sequence[Endpoint]
    ) -> Outgoing:
        """Write one delivery in the resident's language."""
        text = text_for(content.texts, message.language, claim.channel)
        body = text.body
        if claim.channel is Channel.SMS and content.transliterate_sms:
            body = transliterate(body)
        key = DeliveryKey(claim.municipality, claim.dispatch_id, message.ordinal, claim.channel)
        path = content.link.replace(MESSAGE_PLACE, str(message.message_id))
        return Outgoing(
            message_id=message.message_id,
            reference=write_reference(key, self.receipt_key),
            endpoints=endpoints,
            title=text.title,
            body=body,
            link=self.public_url.rstrip("/") + path,
            language=message.language,
            expires_at=content.expires_at,
            urgent=content.kind.is_urgent,
        )


def decode_texts(raw: Mapping[str, Any]) -> Texts:
    """Read texts as the database keeps them."""
    return msgspec.convert(raw, dict[str, LanguageTexts])


async def content_of(
    session: ReadSession, municipality: MunicipalityId, dispatch_id: UUID
) -> Content:
    """Read the content of a dispatch."""
    row = await session.get_one(Dispatch, (municipality, dispatch_id))
    kind = Kind(
        MessageClass(row.message_class),
        Severity(row.severity) if row.severity else None,
        frozenset(map(Channel, row.channels)),
    )
    return Content(
        kind=kind,
        texts=decode_texts(row.texts),
        link=row.link,
        transliterate_sms=row.transliterate_sms,
        expires_at=row.expires_at,
        is_cancelled=row.cancelled_at is not None,
    )
