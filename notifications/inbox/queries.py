"""Statements of the inbox."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, func, select, update

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.tenancy import MunicipalityId
from notifications.campaigns.models import Campaign
from notifications.messages.models import Dispatch, Message

InboxRow = Row[Message, Dispatch]


def _own(municipality: MunicipalityId, resident_id: UUID) -> Select[Message, Dispatch]:
    return (
        select(Message, Dispatch)
        .join(
            Dispatch,
            (Dispatch.municipality_id == Message.municipality_id)
            & (Dispatch.id == Message.dispatch_id),
        )
        .where(Message.municipality_id == municipality, Message.resident_id == resident_id)
    )


async def page(
    session: ReadSession,
    municipality: MunicipalityId,
    resident_id: UUID,
    before: UUID | None,
    limit: int,
) -> Sequence[InboxRow]:
    """List a resident's messages, newest first, from before the cursor."""
    statement = _own(municipality, resident_id).order_by(Message.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(Message.id < before)
    return (await session.execute(statement)).all()


async def unopened(session: ReadSession, municipality: MunicipalityId, resident_id: UUID) -> int:
    """Count a resident's messages that were not opened yet."""
    counted = await session.scalar(
        select(func.count()).where(
            Message.municipality_id == municipality,
            Message.resident_id == resident_id,
            Message.opened_at.is_(None),
        )
    )
    return counted or 0


async def find(
    session: ReadSession, municipality: MunicipalityId, resident_id: UUID, message_id: UUID
) -> InboxRow | None:
    """Find one of a resident's own messages."""
    statement = _own(municipality, resident_id).where(Message.id == message_id)
    return (await session.execute(statement)).one_or_none()


async def audience_of(
    session: ReadSession, municipality: MunicipalityId, dispatch_id: UUID
) -> UUID | None:
    """Name the audience that a campaign's dispatch was sent to."""
    return await session.scalar(
        select(Campaign.audience_id).where(
            Campaign.municipality_id == municipality, Campaign.dispatch_id == dispatch_id
        )
    )


async def mark_opened(session: WriteSession, message: Message, now: datetime) -> bool:
    """Note the first opening; False when it was opened before."""
    opened = await session.scalar(
        update(Message)
        .where(
            Message.municipality_id == message.municipality_id,
            Message.dispatch_id == message.dispatch_id,
            Message.ordinal == message.ordinal,
            Message.opened_at.is_(None),
        )
        .values(opened_at=now)
        .returning(Message.id)
    )
    return opened is not None
