"""Statements that take one resident out of facts and of kept sets.

Sets are read whole, for a bitmap cannot be asked in SQL: some megabytes for a municipality.
"""

from uuid import UUID

from pyroaring import BitMap
from sqlalchemy import bindparam, delete, exists, func, or_, select, update

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.models import Base
from backend.kernel.snapshots import table_of
from backend.kernel.tenancy import MunicipalityId
from groups.audiences.models import Audience, AudienceRecipient
from groups.disclosures.models import MemberDisclosure
from groups.evaluation.slots import PackedSlots
from groups.guard.models import PreviewSet
from groups.memberships.models import Evaluation, GroupHold, Membership, ResidentGroups
from groups.memberships.regrouping import RESIDENTS_LOCK
from groups.registry.models import (
    Attendance,
    FormerAddress,
    Guardianship,
    Household,
    Pet,
    Property,
    ResidentFact,
    Vehicle,
)

EDGES = (Attendance, FormerAddress, Pet, Property, Vehicle)
BITMAPS: tuple[tuple[type[Base], str], ...] = (
    (Evaluation, "joined_slots"),
    (Evaluation, "left_slots"),
    (GroupHold, "proposed_slots"),
    (Audience, "slots"),
    (MemberDisclosure, "slots"),
)
"""Where sets are kept as bitmaps, beside the memberships themselves."""
ROWS_AT_ONCE = 500


async def slot_of(
    session: ReadSession, municipality: MunicipalityId, resident_id: UUID
) -> int | None:
    """Give a resident's slot; None: nothing is known of them."""
    return await session.scalar(
        select(ResidentFact.slot).where(
            ResidentFact.municipality_id == municipality, ResidentFact.resident_id == resident_id
        )
    )


async def clear_bitmaps(
    session: WriteSession,
    municipality: MunicipalityId,
    kept: tuple[type[Base], str],
    slot: int,
) -> None:
    """Take a resident out of every bitmap of one column."""
    model, name = kept
    table = table_of(model)
    column, keys = table.c[name], list(table.primary_key)
    found = await session.stream(
        select(*keys, column).where(table.c.municipality_id == municipality, column.is_not(None)),
        execution_options={"yield_per": ROWS_AT_ONCE},
    )
    changed = [
        {**{f"key_{at}": part for at, part in enumerate(key)}, "without": without}
        async for *key, written in found
        if (without := _without(written, slot)) is not None
    ]
    if changed:
        named = [key == bindparam(f"key_{at}") for at, key in enumerate(keys)]
        statement = update(table).where(*named).values({name: bindparam("without")})
        await (await session.connection()).execute(statement, changed)


def _without(written: bytes, slot: int) -> bytes | None:
    slots = BitMap.deserialize(written)
    if slot not in slots:
        return None
    slots.discard(slot)
    return slots.serialize()


async def clear_memberships(session: WriteSession, municipality: MunicipalityId, slot: int) -> None:
    """Take a resident out of the groups that they are in, and their list of these away."""
    rows = await session.scalars(
        select(Membership)
        .where(Membership.municipality_id == municipality)
        .order_by(Membership.group_id)
        .with_for_update()
    )
    for row in rows:
        without = _without(row.slots, slot)
        if without is not None:
            row.slots, row.size, row.version = without, row.size - 1, row.version + 1
    await session.execute(select(func.pg_advisory_xact_lock(RESIDENTS_LOCK, municipality)))
    await session.execute(
        delete(ResidentGroups).where(
            ResidentGroups.municipality_id == municipality, ResidentGroups.slot == slot
        )
    )


async def clear_shown_sets(session: WriteSession, municipality: MunicipalityId, slot: int) -> None:
    """Take a resident out of the sets that staff were shown the size of."""
    rows = await session.scalars(
        select(PreviewSet).where(PreviewSet.municipality_id == municipality)
    )
    for row in rows:
        bits = dict(PackedSlots.decoded(row.slots).bits)
        own = bytearray(bits.get(municipality, b""))
        byte, bit = divmod(slot, 8)
        if byte < len(own) and own[byte] & 1 << bit:
            own[byte] &= ~(1 << bit)
            row.slots = PackedSlots({**bits, municipality: bytes(own)}).encoded()
            row.size -= 1


async def delete_recipients(
    session: WriteSession, municipality: MunicipalityId, resident_id: UUID
) -> None:
    """Forget to which audiences a resident belonged."""
    await session.execute(
        delete(AudienceRecipient).where(
            AudienceRecipient.municipality_id == municipality,
            AudienceRecipient.resident_id == resident_id,
        )
    )


async def delete_facts(
    session: WriteSession, municipality: MunicipalityId, resident_id: UUID
) -> None:
    """Delete what the registry says of a resident, and a household that nobody is left in."""
    for edge in EDGES:
        await session.execute(
            delete(edge).where(
                edge.municipality_id == municipality, edge.resident_id == resident_id
            )
        )
    await session.execute(
        delete(Guardianship).where(
            Guardianship.municipality_id == municipality,
            or_(Guardianship.guardian_id == resident_id, Guardianship.child_id == resident_id),
        )
    )
    household = await session.scalar(
        delete(ResidentFact)
        .where(
            ResidentFact.municipality_id == municipality, ResidentFact.resident_id == resident_id
        )
        .returning(ResidentFact.household_id)
    )
    others = exists().where(
        ResidentFact.municipality_id == Household.municipality_id,
        ResidentFact.household_id == Household.id,
    )
    await session.execute(
        delete(Household).where(
            Household.municipality_id == municipality, Household.id == household, ~others
        )
    )
