"""Why a resident was sent a campaign's message."""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from backend.kernel.db import ReadSession
from backend.kernel.principals import Principal
from backend.kernel.views import TextView
from groups.public import Sent, Source, SourceKind, why_sent
from notifications.inbox import queries
from notifications.inbox.errors import MessageNotFound, MessageWithoutAudience


class SourceView(Struct, rename="camel", frozen=True):
    """By what the resident was chosen: a group's rule in the version of then, a rule, area or list.

    `certain` is false where the audience was made of several rules and it is not kept by which.
    """

    kind: SourceKind
    certain: bool
    text: TextView | None
    label: TextView | None
    rule_version: int | None


class MessageWhyView(Struct, rename="camel", frozen=True):
    """Why the message was sent to the resident, as of the civil day `asOf`."""

    as_of: date
    frozen_at: datetime
    sources: list[SourceView]


async def explain_message(
    session: ReadSession, resident: Principal, message_id: UUID
) -> MessageWhyView:
    """Explain a message of the resident's own inbox from the frozen audience.

    Raises:
        MessageNotFound: not in the resident's inbox.
        MessageWithoutAudience: sent to this resident alone, or the audience is not kept any more.
    """
    owner = (resident.municipality, resident.subject_id)
    row = await queries.find(session, *owner, message_id)
    if row is None:
        raise MessageNotFound
    audience_id = await queries.audience_of(session, resident.municipality, row[1].id)
    sent = (
        await why_sent(session, resident.municipality, audience_id, owner[1])
        if audience_id
        else None
    )
    if sent is None:
        raise MessageWithoutAudience
    return _view(sent)


def _view(sent: Sent) -> MessageWhyView:
    return MessageWhyView(sent.as_of, sent.frozen_at, [_source(each) for each in sent.sources])


def _source(source: Source) -> SourceView:
    text, label = source.text, source.label
    return SourceView(
        kind=source.kind,
        certain=source.is_certain,
        text=TextView(text.lv, text.en) if text else None,
        label=TextView(label.lv, label.en) if label else None,
        rule_version=source.rule_version,
    )
