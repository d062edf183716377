"""Noting what changed, and taking all of it away to follow it.

Noting belongs into the transaction of the change; the engine is woken when that commits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from backend.kernel.db import WriteSession
from backend.kernel.tenancy import MunicipalityId, Tenants
from groups.changes.models import FactChange

CHANNEL = "novads_facts"
"""PostgreSQL channel that wakes the engine; the payload is the municipality's number."""
BATCH = 10_000
"""Most slots in one row."""


@dataclass(slots=True)
class Changed:
    """What changed in one municipality; `everybody`: facts are to be read anew as a whole."""

    everybody: bool = False
    slots: set[int] = field(default_factory=set[int])
    groups: set[UUID] = field(default_factory=set[UUID])


async def note_residents(
    session: WriteSession, municipality: MunicipalityId, slots: Sequence[int], now: datetime
) -> None:
    """Note that facts of residents changed, given their slots."""
    for start in range(0, len(slots), BATCH):
        part = list(slots[start : start + BATCH])
        await _note(session, municipality, now, kind="residents", slots=part)


async def note_group(
    session: WriteSession, municipality: MunicipalityId, group_id: UUID, now: datetime
) -> None:
    """Note that a group was made, or its rule or state changed."""
    await _note(session, municipality, now, kind="group", group_id=group_id)


async def note_everybody(
    session: WriteSession, municipality: MunicipalityId, now: datetime
) -> None:
    """Note that so much changed that all facts of the municipality are to be read anew."""
    await _note(session, municipality, now, kind="everybody")


async def drain(session: WriteSession, municipalities: Tenants) -> Mapping[MunicipalityId, Changed]:
    """Take every noted change away, by municipality; they come back if the transaction fails."""
    rows = await session.execute(
        delete(FactChange)
        .where(FactChange.municipality_id.in_([int(each) for each in municipalities]))
        .returning(
            FactChange.municipality_id, FactChange.kind, FactChange.slots, FactChange.group_id
        )
    )
    changes: dict[MunicipalityId, Changed] = {}
    for municipality, kind, slots, group_id in rows:
        changed = changes.setdefault(MunicipalityId(municipality), Changed())
        changed.everybody |= kind == "everybody"
        changed.slots.update(slots or ())
        if group_id is not None:
            changed.groups.add(group_id)
    return changes


async def _note(
    session: WriteSession,
    municipality: MunicipalityId,
    now: datetime,
    **values: Any,  # noqa: ANN401 - columns
) -> None:
    await session.execute(
        insert(FactChange).values(municipality_id=municipality, noted_at=now, **values)
    )
    await session.execute(select(func.pg_notify(CHANNEL, str(int(municipality)))))
