"""Noting what changed, and taking all of it away to follow it.

Noting belongs into the transaction of the change; the engine is woken when that commits.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select

from backend.kernel.db import WriteSession, fetch
from backend.kernel.tenancy import MunicipalityId, Tenants
from groups.changes.models import RELATIONS, FactChange

CHANNEL = "novads_facts"
"""PostgreSQL channel that wakes the engine; the payload is the municipality's number."""
BATCH = 10_000
"""Most slots in one row."""

DRAIN = """
DELETE FROM fact_change WHERE municipality_id = ANY ($1)
RETURNING municipality_id, kind, slots, relations, group_id
"""


@dataclass(slots=True)
class Changed:
    """What changed in one municipality; `everybody`: facts are to be read anew as a whole.

    `slots` are all residents whose facts changed; `owned` tells by relation of whom that changed.
    """

    everybody: bool = False
    slots: set[int] = field(default_factory=set[int])
    owned: dict[str, set[int]] = field(default_factory=dict[str, set[int]])
    groups: set[UUID] = field(default_factory=set[UUID])


async def note_residents(
    session: WriteSession,
    municipality: MunicipalityId,
    slots: Sequence[int],
    now: datetime,
    relations: Collection[str] = RELATIONS,
) -> None:
    """Note that facts of residents changed, given their slots.

    What is read anew of `relations` is all that they have; of others it is what it was.
    """
    for start in range(0, len(slots), BATCH):
        part = list(slots[start : start + BATCH])
        await _note(
            session, municipality, now, kind="residents", slots=part, relations=list(relations)
        )


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
    rows = await fetch(session, DRAIN, [int(each) for each in municipalities])
    changes: dict[MunicipalityId, Changed] = {}
    for municipality, kind, slots, relations, group_id in rows:
        changed = changes.setdefault(MunicipalityId(municipality), Changed())
        changed.everybody |= kind == "everybody"
        changed.slots.update(slots or ())
        for relation in relations or ():
            changed.owned.setdefault(relation, set()).update(slots or ())
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
