"""Statements on preferences."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, any_, delete, exists, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.engine import CursorResult
from sqlalchemy.sql import Executable

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.tenancy import MunicipalityId
from notifications.preferences.models import STAGED, Preference
from notifications.preferences.rules import EVERY_OTHER, Source, Topic

SAME = (STAGED.c.resident_id == Preference.resident_id) & (STAGED.c.topic == Preference.topic)
KEY = [Preference.municipality_id, Preference.resident_id, Preference.topic]


async def chosen_channels(
    session: ReadSession,
    municipality: MunicipalityId,
    resident_ids: Collection[UUID],
    topic: str,
) -> Mapping[UUID, Sequence[str]]:
    """Give the channels of those of many residents for whom a topic, or every other, is chosen."""
    same = any_(literal(list(resident_ids), ARRAY(Uuid())))
    rows = await session.execute(
        select(Preference.resident_id, Preference.channels)
        .where(
            Preference.municipality_id == municipality,
            Preference.resident_id == same,
            Preference.topic.in_((topic, EVERY_OTHER)),
        )
        # The topic's own row comes last and so wins.
        .order_by(Preference.topic != EVERY_OTHER)
    )
    return {row[0]: row[1] for row in rows}


async def preferences(
    session: ReadSession, municipality: MunicipalityId, resident_id: UUID
) -> Mapping[str, Preference]:
    """Give one resident's rows by topic."""
    rows = await session.scalars(
        select(Preference)
        .where(Preference.municipality_id == municipality, Preference.resident_id == resident_id)
        .execution_options(populate_existing=True)
    )
    return {row.topic: row for row in rows}


async def choose(
    session: WriteSession,
    municipality: MunicipalityId,
    resident_id: UUID,
    choices: Mapping[Topic, Sequence[str]],
    now: datetime,
) -> list[str]:
    """Write a resident's own choices; returns the topics that changed, rows locked in topic order."""
    fresh = insert(Preference).values(
        [
            {
                "municipality_id": municipality,
                "resident_id": resident_id,
                "topic": topic.value,
                "channels": list(choices[topic]),
                "source": Source.RESIDENT.value,
                "changed_at": now,
            }
            for topic in sorted(choices)
        ]
    )
    written = fresh.excluded
    statement = fresh.on_conflict_do_update(
        index_elements=KEY,
        set_={name: written[name] for name in ("channels", "source", "changed_at")},
        where=or_(
            Preference.source != Source.RESIDENT.value, Preference.channels != written.channels
        ),
    ).returning(Preference.topic)
    return sorted((await session.scalars(statement)).all())


async def land_staged(session: WriteSession, municipality: MunicipalityId, now: datetime) -> int:
    """Write the staged rows that differ, but over no resident's own choice; returns how many."""
    columns = STAGED.c
    rows = (
        select(
            literal(int(municipality)),
            columns.resident_id,
            columns.topic,
            columns.channels,
            literal(Source.REGISTRY.value),
            literal(now),
        )
        .where(~columns.is_removed)
        .order_by(columns.resident_id, columns.topic)
    )
    names = ["municipality_id", "resident_id", "topic", "channels", "source", "changed_at"]
    fresh = insert(Preference).from_select(names, rows)
    statement = fresh.on_conflict_do_update(
        index_elements=KEY,
        set_={name: fresh.excluded[name] for name in ("channels", "changed_at")},
        where=(Preference.source == Source.REGISTRY.value)
        & (Preference.channels != fresh.excluded.channels),
    )
    return await _count(session, statement)


async def drop_unstaged(session: WriteSession, municipality: MunicipalityId) -> int:
    """Delete what the registry chose earlier and no longer names; returns how many."""
    return await _count(session, _drop(municipality, ~exists().where(SAME).correlate(Preference)))


async def drop_removed(session: WriteSession, municipality: MunicipalityId) -> int:
    """Delete what the registry chose earlier and is staged as removed; returns how many."""
    removed = exists().where(SAME, STAGED.c.is_removed).correlate(Preference)
    return await _count(session, _drop(municipality, removed))


def _drop(municipality: MunicipalityId, which: ColumnElement[bool]) -> Executable:
    return delete(Preference).where(
        Preference.municipality_id == municipality,
        Preference.source == Source.REGISTRY.value,
        which,
    )


async def _count(session: WriteSession, statement: Executable) -> int:
    result = await session.execute(statement)
    return result.rowcount if isinstance(result, CursorResult) else 0
