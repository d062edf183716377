"""Telling the engine whose facts an import changed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, Table, and_, func, or_, select, union

from backend.kernel.db import WriteSession
from backend.kernel.snapshots import table_of
from backend.kernel.tenancy import MunicipalityId
from groups.changes.queries import note_everybody, note_residents
from groups.registry.models import Attendance, FormerAddress, Property, ResidentFact
from groups.registry.rules import all_are_noted
from groups.registry.stages import ADDRESSES_TOUCHED, INSTITUTIONS_TOUCHED, RESIDENTS_TOUCHED

FACT = table_of(ResidentFact)
THROUGH: tuple[tuple[type[Property | FormerAddress | Attendance], str, Table], ...] = (
    (Property, "address_id", ADDRESSES_TOUCHED),
    (FormerAddress, "address_id", ADDRESSES_TOUCHED),
    (Attendance, "institution_id", INSTITUTIONS_TOUCHED),
)
"""Edges by which a change of a place or an institution is a change of a resident."""


async def note_gathered(session: WriteSession, municipality: MunicipalityId, now: datetime) -> None:
    """Note the residents whose facts the merges of this transaction wrote; nobody, if none were."""
    here = FACT.c.municipality_id == municipality
    touched = union(select(RESIDENTS_TOUCHED.c.id), *(_owners(municipality, *e) for e in THROUGH))
    lives_there = FACT.c.address_id.in_(select(ADDRESSES_TOUCHED.c.id))
    at_it = and_(lives_there, FACT.c.closed_on.is_(None))
    slots = (
        await session.scalars(
            select(FACT.c.slot)
            .where(here, or_(FACT.c.resident_id.in_(touched), at_it))
            .order_by(FACT.c.slot)
        )
    ).all()
    counting = select(func.count()).select_from(FACT).where(here, FACT.c.closed_on.is_(None))
    if not slots:
        return
    if all_are_noted(len(slots), await session.scalar(counting) or 0):
        await note_everybody(session, municipality, now)
    else:
        await note_residents(session, municipality, slots, now)


def _owners(
    municipality: MunicipalityId,
    model: type[Property | FormerAddress | Attendance],
    column: str,
    gathered: Table,
) -> Select[UUID]:
    table = table_of(model)
    return select(table.c.resident_id).where(
        table.c.municipality_id == municipality,
        table.c.closed_on.is_(None),
        table.c[column].in_(select(gathered.c.id)),
    )
