"""Brings the table of municipalities in line with the project's data file."""

from dataclasses import asdict

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.territories.models import Municipality
from backend.kernel.territories.register import register


async def seed_municipalities(session: WriteSession) -> int:
    """Write what differs from the data file; returns how many rows that were. Deletes nothing."""
    rows = [{**asdict(each), "zone": each.zone.key} for each in register().values()]
    statement = insert(Municipality).values(rows)
    taken = {name: statement.excluded[name] for name in rows[0] if name != "id"}
    columns = Municipality.__table__.c
    differs = or_(*(columns[name].is_distinct_from(value) for name, value in taken.items()))
    upsert = statement.on_conflict_do_update(
        index_elements=["id"], set_=taken, where=differs
    ).returning(Municipality.id)
    written = (await session.scalars(upsert)).all()
    return len(written)


async def count_municipalities(session: ReadSession) -> int:
    """Count the codes in the table, those no longer in force included."""
    return await session.scalar(select(func.count()).select_from(Municipality)) or 0
