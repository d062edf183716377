"""Memberships follow every change of the facts, and nothing but what changed is written."""

import asyncio
from datetime import date
from uuid import UUID

from groups.definitions.rosters import hold
from groups.engine.engine import Engine
from tests.drivers.clock import SteeredClock
from tests.drivers.waiting import until
from tests.groups.engine.hamlet import Hamlet, of_age, of_parish
from tests.groups.townsfolk import Facts

CHILD = Facts(born=date(2022, 5, 5))
TODAY = date(2026, 11, 20)


async def test_births_deaths_moves_and_changed_facts_are_followed(
    hamlet: Hamlet, engine: Engine
) -> None:
    adults = await hamlet.settle(3)
    elsewhere = await hamlet.settle(2, Facts(parish="Garkalnes pagasts"))
    children, garkalne = (
        await hamlet.group(of_age(0, 17)),
        await hamlet.group(of_parish("Garkalnes pagasts")),
    )
    await engine.follow_now()
    assert await hamlet.members(children) == set()
    assert await hamlet.members(garkalne) == set(elsewhere)

    born = await hamlet.settle(2, CHILD)
    await engine.follow_now()
    assert await hamlet.members(children) == set(born)

    await hamlet.die(born[:1])
    await hamlet.move(adults[:1], beside=elsewhere[0])
    await hamlet.change(adults[1:2], birth_on=date(2010, 1, 1))
    await engine.follow_now()
    assert await hamlet.members(children) == {born[1], adults[1]}
    assert await hamlet.members(garkalne) == {*elsewhere, adults[0]}

    await hamlet.change_everything(birth_on=None)
    await engine.follow_now()
    assert await hamlet.members(children) == set()
    assert await hamlet.left_to_follow() == 0
    await hamlet.check(TODAY)


async def test_a_step_that_changes_nobody_writes_no_evaluation(
    hamlet: Hamlet, engine: Engine
) -> None:
    people = await hamlet.settle(3)
    group = await hamlet.group(of_age(18, 99))
    await engine.follow_now()
    before = await hamlet.evaluations(group)
    await hamlet.change(people, language="lv")
    await engine.follow_now()
    assert await hamlet.left_to_follow() == 0
    assert await hamlet.evaluations(group) == before or len(await hamlet.evaluations(group)) == len(
        before
    )


async def test_one_municipality_follows_only_its_own_people(
    hamlet: Hamlet, other: Hamlet, engine: Engine
) -> None:
    here, there = await hamlet.settle(2), await other.settle(3)
    group, same = await hamlet.group(of_age(18, 99)), await other.group(of_age(18, 99))
    await engine.follow_now()
    assert await hamlet.members(group) == set(here)
    assert await other.members(same) == set(there)


async def test_what_was_missed_while_no_engine_ran_is_followed_at_its_start(
    hamlet: Hamlet, engine: Engine, clock: SteeredClock
) -> None:
    people = await hamlet.settle(2)
    group = await hamlet.group(of_age(18, 99))
    await engine.follow_now()
    await hamlet.die(people[:1])
    later = Engine(engine.database, engine.municipalities, clock, engine.bell)
    await later.follow_now()
    assert await hamlet.members(group) == {people[1]}
    assert await hamlet.left_to_follow() == 0


async def test_a_municipality_that_waits_does_not_hold_up_another(
    hamlet: Hamlet, other: Hamlet, engine: Engine
) -> None:
    for place in (hamlet, other):
        await place.settle(2)
    group, same = await hamlet.group(of_age(18, 99)), await other.group(of_age(18, 99))
    async with hamlet.database.write([hamlet.municipality]) as session:
        await hold(session, hamlet.municipality)
        following = asyncio.create_task(engine.follow_now())
        await until(lambda: _has_members(other, same, 2), "the other is followed")
    await following
    assert await _has_members(hamlet, group, 2)


async def _has_members(place: Hamlet, group: UUID, count: int) -> bool:
    return len(await place.members(group)) == count
