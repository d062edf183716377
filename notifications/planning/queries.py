"""Statements that write a plan: the dispatch and the message of every resident."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy.dialects.postgresql import insert

from backend.kernel.db import WriteSession, raw_connection
from backend.kernel.ids import new_id
from backend.kernel.tenancy import MunicipalityId
from notifications.messages.models import Dispatch
from notifications.planning.decisions import Decision
from notifications.planning.requests import NewDispatch


async def insert_dispatch(
    session: WriteSession, new: NewDispatch, recipients: int, now: datetime
) -> UUID | None:
    """Write a dispatch; None when its deduplication key has been used before."""
    statement = (
        insert(Dispatch)
        .values(
            municipality_id=new.municipality,
            id=new_id(),
            deduplication_key=new.deduplication_key,
            message_class=new.kind.message_class.value,
            severity=new.kind.severity.value if new.kind.severity else None,
            topic=new.topic,
            channels=sorted(channel.value for channel in new.kind.channels),
            texts=msgspec.to_builtins(new.texts),
            link=new.link,
            transliterate_sms=new.transliterate_sms,
            created_at=now,
            expires_at=new.expires_at,
            recipients=recipients,
        )
        .on_conflict_do_nothing(index_elements=["municipality_id", "deduplication_key"])
        .returning(Dispatch.id)
    )
    return await session.scalar(statement)


async def insert_messages(
    session: WriteSession,
    municipality: MunicipalityId,
    dispatch_id: UUID,
    first_ordinal: int,
    decisions: Sequence[Decision],
    now: datetime,
) -> None:
    """Write the inbox message of each resident, numbered from `first_ordinal`."""
    connection = await raw_connection(session)
    await connection.execute(
        "INSERT INTO message (municipality_id, dispatch_id, ordinal, id, resident_id, language,"
        " created_at) SELECT $1, $2, o, i, r, l, $3"
        " FROM unnest($4::integer[], $5::uuid[], $6::uuid[], $7::text[]) t(o, i, r, l)",
        municipality,
        dispatch_id,
        now,
        list(range(first_ordinal, first_ordinal + len(decisions))),
        [new_id() for _ in decisions],
        [decision.resident_id for decision in decisions],
        [decision.language for decision in decisions],
    )
