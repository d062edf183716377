"""The past is told by replaying what evaluations changed, for 24 months."""

from datetime import datetime, timedelta
from random import Random

from pyroaring import BitMap
from sqlalchemy import select

from backend.kernel.db import Database
from backend.kernel.housekeeping import HOUSEKEEPING_DUE
from backend.kernel.ids import new_id
from backend.kernel.outbox import Event
from groups.memberships.history import Interval, intervals_of, members_at
from groups.public import outbox_handlers
from groups.tables import Evaluation
from tests.drivers.clock import SteeredClock
from tests.drivers.people import ROPAZI
from tests.groups.memberships.conftest import Groups


async def keep_house(database: Database, clock: SteeredClock) -> None:
    """Let the groups forget what is too old."""
    event = Event(new_id(), ROPAZI, HOUSEKEEPING_DUE, {}, 0)
    async with database.write([ROPAZI]) as session:
        await outbox_handlers(clock)[HOUSEKEEPING_DUE](session, event)


async def test_members_at_any_instant_are_those_recorded_then(
    groups: Groups, database: Database, clock: SteeredClock
) -> None:
    random = Random(7)  # noqa: S311 - seeded on purpose
    await groups.make(3)
    recorded: list[tuple[datetime, dict[int, BitMap]]] = []
    for _ in range(25):
        clock.advance(minutes=random.randint(1, 600))
        chosen = range(3) if not recorded else random.sample(range(3), random.randint(1, 3))
        await groups.reconcile(
            *((which, BitMap(random.sample(range(40), random.randint(0, 30)))) for which in chosen)
        )
        recorded.append((clock.now, await groups.members()))
    async with database.read([ROPAZI]) as session:
        for instant, members in recorded:
            for of in groups.made:
                at = await members_at(session, ROPAZI, of.group_id, instant)
                assert at == members[of.group_number]
        before = recorded[0][0] - timedelta(seconds=1)
        assert await members_at(session, ROPAZI, groups.id(0), before) == BitMap()
        assert await members_at(session, ROPAZI, new_id(), before) is None


async def test_the_intervals_of_a_resident_are_told_the_latest_first(
    groups: Groups, database: Database, clock: SteeredClock
) -> None:
    await groups.make(1)
    instants: list[datetime] = []
    for slots in ([1], [1, 2], [1], [2, 1], [2]):
        clock.advance(days=1)
        instants.append(clock.now)
        await groups.reconcile((0, BitMap(slots)))
    first, second, third, fourth, fifth = instants
    async with database.read([ROPAZI]) as session:
        rows = await session.scalars(select(Evaluation).order_by(Evaluation.id))
        ids = [row.id for row in rows]
        told = [await intervals_of(session, ROPAZI, groups.id(0), slot) for slot in (1, 2, 3)]
    assert told == [
        [Interval(first, fifth, ids[0])],
        [Interval(fourth, None, ids[3]), Interval(second, third, ids[1])],
        [],
    ]


async def test_after_24_months_it_is_forgotten_who_joined_and_left_but_not_how_many(
    groups: Groups, database: Database, clock: SteeredClock
) -> None:
    await groups.make(1)
    await groups.reconcile((0, BitMap([1, 2, 3])))
    long_ago = clock.now
    clock.advance(days=1)
    await groups.reconcile((0, BitMap([2, 3])))
    clock.advance(days=730)
    await keep_house(database, clock)
    async with database.read([ROPAZI]) as session:
        first, second = await session.scalars(select(Evaluation).order_by(Evaluation.id))
        told = await intervals_of(session, ROPAZI, groups.id(0), 2)
        assert await members_at(session, ROPAZI, groups.id(0), long_ago) == BitMap([1, 2, 3])
        just_before = long_ago - timedelta(seconds=1)
        assert await members_at(session, ROPAZI, groups.id(0), just_before) is None
    assert (first.joined, first.joined_slots) == (3, None)
    assert second.left_slots is not None
    assert told == [Interval(None, None, None)]
    assert list((await groups.members()).values()) == [BitMap([2, 3])]
