"""Nothing of an erased resident is left in groups, and their place is never given away."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from pyroaring import BitMap
from sqlalchemy import insert, select, text

from backend.kernel.db import Database
from backend.kernel.ids import new_id
from backend.kernel.tenancy import MunicipalityId
from groups.evaluation.slots import PackedSlots
from groups.memberships.history import members_at
from groups.public import erase_resident
from groups.tables import (
    Audience,
    AudienceRecipient,
    Evaluation,
    GroupHold,
    Guardianship,
    Household,
    MemberDisclosure,
    Membership,
    PreviewSet,
    Property,
    ResidentFact,
    ResidentGroups,
    SlotCounter,
)
from tests.drivers.clock import SteeredClock
from tests.drivers.people import ROPAZI, Caller
from tests.groups.community import Imported, NewGroup, Registry, slots_of

DAY = date(2026, 11, 20)


async def keep_sets(
    database: Database, group: UUID, slots: BitMap, recipient: UUID, now: datetime
) -> None:
    """Keep a set of residents wherever sets are kept beside memberships."""
    own: dict[str, Any] = {"municipality_id": ROPAZI, "id": new_id()}
    written, staff = slots.serialize(), new_id()
    mask = np.zeros(64, dtype=np.bool_)
    mask[list(slots)] = True
    elsewhere = PackedSlots.of_mask(MunicipalityId(9000), mask)
    packed = PackedSlots.of_mask(ROPAZI, mask).joined(elsewhere)
    audience = {
        "size_shown": True,
        "as_of": DAY,
        "frozen_at": now,
        "sources": {},
        "sensitivity": "personal",
        "by_place_alone": False,
    }
    disclosure = {"kind": "list", "reason": "Pārbaude", "staff_role": "registrar"}
    shown = {"staff_id": staff, "as_of": DAY, "asked_at": now, "size": len(slots)}
    recipients = {"municipality_id": ROPAZI, "audience_id": own["id"], "ordinal": 0}
    async with database.write([ROPAZI]) as session:
        await session.execute(
            insert(Audience).values(**own, slots=written, size=len(slots), **audience)
        )
        await session.execute(insert(AudienceRecipient).values(**recipients, resident_id=recipient))
        await session.execute(
            insert(MemberDisclosure).values(
                **own, group_id=group, staff_id=staff, disclosed_at=now, slots=written, **disclosure
            )
        )
        await session.execute(insert(PreviewSet).values(**own, slots=packed.encoded(), **shown))


async def kept_slots(database: Database) -> dict[str, BitMap]:
    """Read the union of every set that is kept, by table."""
    found: dict[str, BitMap] = {}
    bitmaps = (
        Evaluation.joined_slots,
        Evaluation.left_slots,
        GroupHold.proposed_slots,
        Membership.slots,
        Audience.slots,
        MemberDisclosure.slots,
    )
    async with database.read([ROPAZI]) as session:
        for column in bitmaps:
            rows = (await session.scalars(select(column).where(column.is_not(None)))).all()
            found[str(column)] = BitMap.union(BitMap(), *map(slots_of, rows))
        for written in await session.scalars(select(PreviewSet.slots)):
            bits = PackedSlots.decoded(written).bits[ROPAZI]
            mask = np.unpackbits(np.frombuffer(bits, np.uint8), bitorder="little")
            found["preview_set"] = BitMap(np.flatnonzero(mask).tolist())
        listed = await session.scalars(select(ResidentGroups.slot))
        found["resident_groups"] = BitMap(listed.all())
    return found


async def test_an_erased_resident_is_in_no_set_that_is_kept(
    communicator: Caller,
    registry: Registry,
    database: Database,
    imported: Imported,
    stopini: NewGroup,
    clock: SteeredClock,
) -> None:
    residents = await registry.settle(300)
    saved_at = clock.now
    first, second = [(await communicator.post("/groups", stopini)).json()["id"] for _ in "ab"]
    clock.advance(hours=1)
    await communicator.post(f"/groups/{second}/archiving")
    await registry.close(residents[:250])
    await imported()
    await keep_sets(database, UUID(first), BitMap([0, 7, 8, 63]), residents[8], clock.now)
    proposal = {"rule_version": 1, "cause": "import", "as_of": DAY, "held_at": clock.now}
    async with database.write([ROPAZI]) as session:
        own = {"municipality_id": ROPAZI, "group_id": UUID(second), "joined": 1, "left": 0}
        written = BitMap([8]).serialize()
        await session.execute(insert(GroupHold).values(**own, **proposal, proposed_slots=written))
    before = await kept_slots(database)
    assert all(8 in slots for slots in before.values()), before
    async with database.write([ROPAZI]) as session:
        assert await erase_resident(session, ROPAZI, residents[8], clock)
    after = await kept_slots(database)
    assert after == {name: slots - BitMap([8]) for name, slots in before.items()}
    assert ("residents", None) in await registry.noted()
    group = (await communicator.get(f"/groups/{first}")).json()
    assert group["members"]["count"] == 299
    async with database.read([ROPAZI]) as session:
        sizes = await session.scalars(select(PreviewSet.size).order_by(PreviewSet.size))
        assert sizes.all() == [3, 299]
        assert (await session.scalars(select(AudienceRecipient))).all() == []
        then = await members_at(session, ROPAZI, UUID(first), saved_at + timedelta(minutes=1))
    assert then == BitMap(range(300)) - BitMap([8])


async def test_facts_edges_and_an_empty_household_are_deleted(
    registry: Registry, database: Database, clock: SteeredClock
) -> None:
    erased, child = await registry.settle(2)
    await registry.give_property(erased)
    household = new_id()
    own = {"municipality_id": ROPAZI, "fingerprint": b""}
    async with database.write([ROPAZI]) as session:
        await session.execute(
            insert(Household).values(**own, id=household, ref="mājsaimniecība", number=0)
        )
        await session.execute(
            insert(Guardianship).values(**own, guardian_id=erased, child_id=child)
        )
        await session.execute(
            text("UPDATE resident_fact SET household_id = :household WHERE resident_id = :id"),
            {"household": household, "id": erased},
        )
        assert await erase_resident(session, ROPAZI, erased, clock)
    async with database.read([ROPAZI]) as session:
        for model in (Property, Guardianship, Household):
            assert (await session.scalars(select(model))).all() == []
        assert (await session.scalars(select(ResidentFact.resident_id))).all() == [child]


async def test_the_place_of_an_erased_resident_is_not_given_to_the_next(
    registry: Registry, database: Database, clock: SteeredClock
) -> None:
    residents = await registry.settle(3)
    async with database.write([ROPAZI]) as session:
        assert await erase_resident(session, ROPAZI, residents[2], clock)
        assert not await erase_resident(session, ROPAZI, residents[2], clock)
    [newcomer] = await registry.settle(1)
    async with database.read([ROPAZI]) as session:
        slot = select(ResidentFact.slot).where(ResidentFact.resident_id == newcomer)
        assert await session.scalar(slot) == 3
        assert await session.scalar(select(SlotCounter.next_slot)) == 4


async def test_a_resident_of_another_municipality_is_not_erased(
    registry: Registry, elsewhere: Registry, database: Database, clock: SteeredClock
) -> None:
    await registry.settle(1)
    [stranger] = await elsewhere.settle(1)
    async with database.write([ROPAZI]) as session:
        assert not await erase_resident(session, ROPAZI, stranger, clock)
    async with database.read([MunicipalityId(9000)]) as session:
        assert (await session.scalars(select(ResidentFact.resident_id))).all() == [stranger]
