"""By which channels residents can be reached, as bits of their facts."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Subquery,
    Uuid,
    any_,
    case,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from backend.kernel.db import WriteSession
from backend.kernel.snapshots import table_of
from backend.kernel.tenancy import MunicipalityId
from backend.residents.public import IDENTITIES, live_kinds, staged_reach
from groups.changes.queries import note_residents
from groups.registry.models import ResidentFact
from groups.registry.rules import REACH
from groups.registry.stages import RESIDENTS_TOUCHED

FACT = table_of(ResidentFact)
CONTACTS_MASK = REACH["email"] | REACH["sms"]


async def note_reach(
    session: WriteSession,
    municipality: MunicipalityId,
    resident_ids: Collection[UUID],
    channel: str,
    *,
    reachable: bool,
    now: datetime,
) -> None:
    """Keep that residents can, or no longer can, be reached by a channel, and note who changed.

    For channels whose addresses are kept by packages above; who has no facts is left out.
    """
    bit = REACH[channel]
    value = FACT.c.reach.op("|")(bit) if reachable else FACT.c.reach.op("&")(~bit)
    changed = await session.scalars(
        update(FACT)
        .where(_among(municipality, resident_ids), FACT.c.reach != value)
        .values(reach=value)
        .returning(FACT.c.slot)
    )
    if slots := sorted(changed):
        await note_residents(session, municipality, slots, now, relations=())


async def note_contacts(
    session: WriteSession,
    municipality: MunicipalityId,
    resident_ids: Collection[UUID],
    now: datetime,
) -> None:
    """Keep by which contact points residents can still be reached, and note who changed."""
    kinds = live_kinds(municipality)
    bits = func.coalesce(
        select(_bits(kinds)).where(kinds.c.resident_id == FACT.c.resident_id).scalar_subquery(), 0
    )
    value = FACT.c.reach.op("&")(~CONTACTS_MASK).op("|")(bits)
    changed = await session.scalars(
        update(FACT)
        .where(_among(municipality, resident_ids), FACT.c.reach != value)
        .values(reach=value)
        .returning(FACT.c.slot)
    )
    if slots := sorted(changed):
        await note_residents(session, municipality, slots, now, relations=())


def beside_facts() -> Subquery:
    """Give for staged facts, by `line`, their resident, and the reach of a new one by the feed."""
    kinds = staged_reach()
    return (
        select(
            IDENTITIES.c.line,
            IDENTITIES.c.resident_id,
            IDENTITIES.c.rejected,
            func.coalesce(_bits(kinds), 0).label("reach"),
        )
        .outerjoin(kinds, kinds.c.line == IDENTITIES.c.line)
        .subquery()
    )


async def follow_contacts(session: WriteSession, municipality: MunicipalityId) -> None:
    """Make the facts of everybody say by which contact points they can be reached."""
    kinds = live_kinds(municipality)
    found = (
        select(FACT.c.resident_id, func.coalesce(_bits(kinds), 0).label("bits"))
        .outerjoin(kinds, kinds.c.resident_id == FACT.c.resident_id)
        .where(FACT.c.municipality_id == municipality)
        .subquery()
    )
    value = FACT.c.reach.op("&")(~CONTACTS_MASK).op("|")(found.c.bits)
    written = (
        update(FACT)
        .where(FACT.c.municipality_id == municipality)
        .where(FACT.c.resident_id == found.c.resident_id, FACT.c.reach != value)
        .values(reach=value)
        .returning(FACT.c.resident_id)
        .cte("written")
    )
    await session.execute(
        insert(RESIDENTS_TOUCHED).from_select(
            ["id", "mark"], select(written.c.resident_id, literal(0))
        )
    )


def _bits(kinds: Subquery) -> ColumnElement[int]:
    bits = [case((kinds.c[kind], REACH[kind]), else_=0) for kind in ("email", "sms")]
    return bits[0] + bits[1]


def _among(municipality: MunicipalityId, residents: Collection[UUID]) -> ColumnElement[bool]:
    chosen = any_(literal(list(residents), ARRAY(Uuid())))
    return (FACT.c.municipality_id == municipality) & (FACT.c.resident_id == chosen)
