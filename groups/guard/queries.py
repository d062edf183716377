"""Statements on the sets whose sizes staff were shown."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from pyroaring import BitMap
from sqlalchemy import Integer, any_, delete, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.ids import new_id
from backend.kernel.tenancy import MunicipalityId
from groups.evaluation.slots import PackedSlots
from groups.guard.comparing import Sized, sized
from groups.guard.models import PreviewSet
from groups.guard.rules import KEPT, MOST_KEPT
from groups.memberships.models import Membership

PREVIEW_LOCK = 7_304
"""First key of the advisory lock on what one staff member is shown; the second is of their id."""


async def hold_viewer(session: WriteSession, staff_id: UUID) -> None:
    """Hold what a staff member is shown until commit: two answers at once know of each other."""
    second = int.from_bytes(staff_id.bytes[-4:], "big", signed=True)
    await session.execute(select(func.pg_advisory_xact_lock(PREVIEW_LOCK, second)))


async def near(
    session: ReadSession,
    municipality: MunicipalityId,
    staff_id: UUID,
    sizes: Collection[int],
    *,
    minimum: int,
    now: datetime,
    but: UUID | None = None,
) -> list[Sized]:
    """List the sets known to a staff member whose sizes are within `minimum` of the given ones.

    Known is what they were shown, and every saved group whose size stands in the list of groups;
    `but` names the group that is asked about itself.
    """
    around = {size + step for size in sizes for step in range(1 - minimum, minimum)}
    wanted = literal(sorted(around), ARRAY(Integer()))
    rows = await session.execute(
        select(PreviewSet.slots, PreviewSet.size, PreviewSet.id).where(
            PreviewSet.municipality_id == municipality,
            PreviewSet.staff_id == staff_id,
            PreviewSet.size == any_(wanted),
            PreviewSet.asked_at > now - KEPT,
        )
    )
    shown = [Sized(PackedSlots.decoded(slots), size, kept) for slots, size, kept in rows]
    saved = await session.execute(
        select(Membership.group_id, Membership.slots).where(
            Membership.municipality_id == municipality,
            Membership.size == any_(wanted),
            Membership.size >= minimum,
            Membership.size_shown,
        )
    )
    listed = [sized(municipality, BitMap.deserialize(s)) for group, s in saved if group != but]
    return [*shown, *listed]


async def keep(
    session: WriteSession,
    municipality: MunicipalityId,
    staff_id: UUID,
    sets: Sequence[Sized],
    *,
    as_of: date,
    now: datetime,
) -> None:
    """Remember which sets were shown; beyond `MOST_KEPT` the oldest give way."""
    if not sets:
        return
    own = {"municipality_id": municipality, "staff_id": staff_id, "asked_at": now, "as_of": as_of}
    rows = [{**own, "id": new_id(), "size": s.size, "slots": s.slots.encoded()} for s in sets]
    await session.execute(insert(PreviewSet), rows)
    oldest = (
        select(PreviewSet.id)
        .where(PreviewSet.municipality_id == municipality, PreviewSet.staff_id == staff_id)
        .order_by(PreviewSet.asked_at.desc(), PreviewSet.id.desc())
        .offset(MOST_KEPT)
    )
    await session.execute(
        delete(PreviewSet).where(
            PreviewSet.municipality_id == municipality, PreviewSet.id.in_(oldest)
        )
    )


async def renew(
    session: WriteSession, municipality: MunicipalityId, kept: Collection[UUID], now: datetime
) -> None:
    """Remember anew that sets were shown which had been shown before."""
    if kept:
        await session.execute(
            update(PreviewSet)
            .where(PreviewSet.municipality_id == municipality, PreviewSet.id.in_(kept))
            .values(asked_at=now)
        )


async def forget(session: WriteSession, municipality: MunicipalityId, now: datetime) -> None:
    """Remove what was shown longer ago than it is remembered."""
    await session.execute(
        delete(PreviewSet).where(
            PreviewSet.municipality_id == municipality, PreviewSet.asked_at <= now - KEPT
        )
    )
