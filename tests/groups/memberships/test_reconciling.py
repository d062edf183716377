"""Memberships become what evaluations found; whatever is not different is not written."""

import asyncio
from random import Random

import pytest
from pyroaring import BitMap
from sqlalchemy import select

from backend.kernel.db import Database
from backend.kernel.outbox import OutboxEvent
from groups.memberships.outcomes import Changes
from groups.tables import Evaluation, GroupHold, Membership
from tests.drivers.clock import SteeredClock
from tests.drivers.people import ROPAZI
from tests.groups.memberships.conftest import Groups


async def test_the_first_evaluation_lets_everybody_in_and_is_kept_even_if_nobody_fits(
    groups: Groups,
) -> None:
    await groups.make(2)
    found = await groups.reconcile((0, BitMap(range(5))), (1, BitMap()))
    assert found == [
        Changes(5, 5, 0, held=False, version=1),
        Changes(0, 0, 0, held=False, version=1),
    ]
    assert list((await groups.members()).values()) == [BitMap(range(5)), BitMap()]
    await groups.expect_in_step()


async def test_who_stays_belongs_since_before_and_who_joins_since_now(
    groups: Groups, clock: SteeredClock
) -> None:
    await groups.make(1)
    before = clock.now
    await groups.reconcile((0, BitMap([1, 2])))
    clock.advance(hours=1)
    assert await groups.reconcile((0, BitMap([2, 3]))) == [Changes(2, 1, 1, held=False, version=2)]
    number = groups.made[0].group_number
    assert await groups.by_resident() == {2: [(number, before)], 3: [(number, clock.now)]}


async def test_an_equal_outcome_writes_nothing(groups: Groups, database: Database) -> None:
    await groups.make(1)
    await groups.reconcile((0, BitMap([7])))
    again = await groups.reconcile((0, BitMap([7])))
    assert again == [Changes(1, 0, 0, held=False, version=1)]
    async with database.read([ROPAZI]) as session:
        assert len((await session.scalars(select(Evaluation))).all()) == 1
        assert [row.version for row in await session.scalars(select(Membership))] == [1]
        assert len((await session.scalars(select(OutboxEvent))).all()) == 1


async def test_the_event_tells_of_every_group_that_changed_and_of_no_other(
    groups: Groups, database: Database
) -> None:
    await groups.make(3)
    await groups.reconcile((0, BitMap([1])), (1, BitMap()), (2, BitMap([1, 2])))
    async with database.read([ROPAZI]) as session:
        [event] = await session.scalars(select(OutboxEvent))
        evaluations = await session.scalars(select(Evaluation))
        by_group = {str(row.group_id): str(row.id) for row in evaluations}
    assert event.topic == "group.membership_changed"
    told = [(groups.id(0), 1), (groups.id(2), 2)]
    assert event.payload["changes"] == [
        {"groupId": str(id_), "evaluationId": by_group[str(id_)], "joined": joined, "left": 0}
        for id_, joined in told
    ]


async def test_a_resident_may_leave_and_join_several_groups_at_once(groups: Groups) -> None:
    await groups.make(6)
    everybody = BitMap([4, 9])
    await groups.reconcile(*((which, everybody) for which in range(4)))
    others = [(0, BitMap([9])), (1, BitMap([9])), (2, BitMap()), (4, everybody), (5, BitMap([4]))]
    await groups.reconcile(*others)
    numbers = [each.group_number for each in groups.made]
    listed = {slot: [n for n, _ in rows] for slot, rows in (await groups.by_resident()).items()}
    assert listed == {
        4: [numbers[3], numbers[4], numbers[5]],
        9: [numbers[0], numbers[1], numbers[3], numbers[4]],
    }
    await groups.expect_in_step()


async def test_residents_lists_equal_the_bitmaps_after_any_sequence(
    groups: Groups, clock: SteeredClock
) -> None:
    random = Random(20261121)  # noqa: S311 - seeded on purpose
    await groups.make(12)
    since: dict[tuple[int, int], object] = {}
    for _ in range(15):
        clock.advance(minutes=1)
        chosen = random.sample(range(12), random.randint(1, 12))
        found = {which: BitMap(random.sample(range(60), random.randint(0, 40))) for which in chosen}
        await groups.reconcile(*found.items())
        await groups.expect_in_step()
        for which, slots in found.items():
            number = groups.made[which].group_number
            kept = {key: at for key, at in since.items() if key[0] != number or key[1] in slots}
            since = {**{(number, slot): clock.now for slot in slots}, **kept}
        listed = await groups.by_resident()
        assert since == {(n, slot): at for slot, rows in listed.items() for n, at in rows}


@pytest.mark.parametrize(
    ("members", "leaving", "is_held"),
    [
        (1000, 200, False),
        (1000, 201, True),
        (1005, 201, False),
        (1004, 201, True),
        (2000, 400, False),
        (2000, 401, True),
        (200, 200, False),
        (201, 201, True),
    ],
)
async def test_more_than_a_fifth_and_more_than_two_hundred_leave_only_by_a_decision(
    groups: Groups, members: int, leaving: int, *, is_held: bool
) -> None:
    await groups.make(1)
    await groups.reconcile((0, BitMap(range(members))))
    [changes] = await groups.reconcile((0, BitMap(range(leaving, members + 3))))
    stays = members if is_held else members - leaving + 3
    version = 1 if is_held else 2
    assert changes == Changes(stays, 3, leaving, held=is_held, version=version)
    [kept] = (await groups.members()).values()
    assert len(kept) == stays
    await groups.expect_in_step()


async def test_whoever_is_held_goes_on_by_itself_when_fewer_leave(
    groups: Groups, database: Database, clock: SteeredClock
) -> None:
    await groups.make(1)
    await groups.reconcile((0, BitMap(range(1000))))
    held_at = clock.now
    await groups.reconcile((0, BitMap(range(300))))
    clock.advance(hours=1)
    await groups.reconcile((0, BitMap(range(310))))
    async with database.read([ROPAZI]) as session:
        [hold] = await session.scalars(select(GroupHold))
    assert (hold.held_at, hold.joined, hold.left) == (held_at, 0, 690)
    assert BitMap.deserialize(hold.proposed_slots) == BitMap(range(310))
    [changes] = await groups.reconcile((0, BitMap(range(900))))
    assert changes == Changes(900, 0, 100, held=False, version=2)
    async with database.read([ROPAZI]) as session:
        assert (await session.scalars(select(GroupHold))).all() == []


async def test_a_person_is_not_held_up(groups: Groups) -> None:
    await groups.make(1)
    await groups.reconcile((0, BitMap(range(1000))))
    await groups.reconcile((0, BitMap()))
    [changes] = await groups.reconcile((0, BitMap()), guarded=False)
    assert changes == Changes(0, 0, 1000, held=False, version=2)
    await groups.expect_in_step()


async def test_two_at_once_on_one_group_follow_one_another(
    groups: Groups, database: Database
) -> None:
    await groups.make(3)
    await groups.reconcile(*((which, BitMap([1, 2])) for which in range(3)))
    async with database.write([ROPAZI]) as session:
        await groups.reconcile((1, BitMap([1, 2, 3])), session=session)
        second = asyncio.ensure_future(
            groups.reconcile((2, BitMap([5])), (1, BitMap([3, 4])), (0, BitMap([3])))
        )
        done, _ = await asyncio.wait([second], timeout=0.3)
        assert not done
    assert (await second)[1] == Changes(2, 1, 2, held=False, version=3)
    await groups.expect_in_step()


async def test_two_at_once_on_different_groups_of_one_resident_both_count(
    groups: Groups, database: Database
) -> None:
    await groups.make(2)
    async with database.write([ROPAZI]) as session:
        await groups.reconcile((0, BitMap([1, 2])), session=session)
        second = asyncio.ensure_future(groups.reconcile((1, BitMap([2, 3]))))
        await asyncio.wait([second], timeout=0.3)
    await second
    await groups.expect_in_step()


async def test_a_crash_before_the_commit_leaves_everything_as_it_was(
    groups: Groups, database: Database
) -> None:
    await groups.make(2)
    await groups.reconcile((0, BitMap([1])))
    members, listed = await groups.members(), await groups.by_resident()

    async def crash() -> None:
        async with database.write([ROPAZI]) as session:
            await groups.reconcile((0, BitMap([2])), (1, BitMap([1])), session=session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await crash()
    assert (await groups.members(), await groups.by_resident()) == (members, listed)
    async with database.read([ROPAZI]) as session:
        assert len((await session.scalars(select(Evaluation))).all()) == 1


async def test_very_many_changes_are_written_in_portions(groups: Groups) -> None:
    await groups.make(30)
    everybody = BitMap(range(10_000))
    await groups.reconcile(*((which, everybody) for which in range(30)))
    await groups.expect_in_step()
    await groups.reconcile(*((which, BitMap(range(500, 10_000))) for which in range(30)))
    await groups.expect_in_step()
