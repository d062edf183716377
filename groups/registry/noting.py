"""Telling the engine whose facts an import changed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Table, func, literal, select, union_all

from backend.kernel.db import WriteSession
from backend.kernel.snapshots import table_of
from backend.kernel.tenancy import MunicipalityId
from groups.changes.queries import note_everybody, note_residents
from groups.registry.models import Attendance, FormerAddress, Property, ResidentFact
from groups.registry.rules import all_are_noted
from groups.registry.stages import (
    ADDRESSES_TOUCHED,
    INSTITUTIONS_TOUCHED,
    RELATION_MARKS,
    RESIDENTS_TOUCHED,
)

FACT = table_of(ResidentFact)
THROUGH: tuple[tuple[str, type[Property | FormerAddress | Attendance], str, Table], ...] = (
    ("properties", Property, "address_id", ADDRESSES_TOUCHED),
    ("former_addresses", FormerAddress, "address_id", ADDRESSES_TOUCHED),
    ("institutions", Attendance, "institution_id", INSTITUTIONS_TOUCHED),
)
"""Edges by which a change of a place or an institution is a change of a resident's relation."""

Touched = Select[Any, int]


async def note_gathered(session: WriteSession, municipality: MunicipalityId, now: datetime) -> None:
    """Note the residents whose facts the merges of this transaction wrote; nobody, if none were."""
    here = FACT.c.municipality_id == municipality
    touched = union_all(*_touched(municipality)).subquery()
    rows = await session.execute(
        select(FACT.c.slot, func.bit_or(touched.c.mark))
        .join(touched, touched.c.id == FACT.c.resident_id)
        .where(here)
        .group_by(FACT.c.slot)
        .order_by(FACT.c.slot)
    )
    slots: dict[int, list[int]] = {}
    for slot, marks in rows:
        slots.setdefault(marks, []).append(slot)
    if not slots:
        return
    counting = select(func.count()).select_from(FACT).where(here, FACT.c.closed_on.is_(None))
    count = sum(map(len, slots.values()))
    if all_are_noted(count, await session.scalar(counting) or 0):
        await note_everybody(session, municipality, now)
        return
    for marks, changed in sorted(slots.items()):
        relations = [relation for relation, mark in RELATION_MARKS.items() if marks & mark]
        await note_residents(session, municipality, changed, now, relations)


def _touched(municipality: MunicipalityId) -> Iterator[Touched]:
    """Select residents, each with a mark of what changed of them."""
    yield select(RESIDENTS_TOUCHED.c.id, RESIDENTS_TOUCHED.c.mark)
    yield select(FACT.c.resident_id, literal(0)).where(
        FACT.c.municipality_id == municipality,
        FACT.c.address_id.in_(select(ADDRESSES_TOUCHED.c.id)),
        FACT.c.closed_on.is_(None),
    )
    for relation, model, column, gathered in THROUGH:
        table = table_of(model)
        yield select(table.c.resident_id, literal(RELATION_MARKS[relation])).where(
            table.c.municipality_id == municipality,
            table.c.closed_on.is_(None),
            table.c[column].in_(select(gathered.c.id)),
        )
