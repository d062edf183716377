"""What a step must not do by itself: remove many people, or empty a group whose rule broke."""

from datetime import date

from sqlalchemy import update

from backend.kernel.db import open_database
from groups.definitions.models import GroupRule
from groups.engine.engine import Engine
from tests.groups.engine.hamlet import Hamlet, of_age, of_parish
from tests.groups.townsfolk import STOPINI

MANY = 230


async def test_a_step_that_would_remove_too_many_waits_for_a_person(
    hamlet: Hamlet, engine: Engine
) -> None:
    people = await hamlet.settle(MANY)
    adults = await hamlet.group(of_age(18, 99))
    await engine.follow_now()
    await hamlet.die(people[:201])
    await engine.follow_now()
    assert (await hamlet.state(adults))[0] == "held"
    assert await hamlet.members(adults) == set(people)
    hold = await hamlet.held(adults)
    assert hold is not None
    assert (hold.left, hold.joined) == (201, 0)

    await hamlet.change(people[:100], closed_on=None)
    await engine.follow_now()
    assert (await hamlet.state(adults))[0] == "live"
    assert await hamlet.held(adults) is None
    await hamlet.check(date(2026, 11, 20))


async def test_a_group_whose_value_was_withdrawn_keeps_its_members_and_becomes_invalid(
    hamlet: Hamlet, engine: Engine
) -> None:
    people = await hamlet.settle(3)
    group = await hamlet.group(of_parish(STOPINI))
    await engine.follow_now()
    await hamlet.withdraw("parish", STOPINI, on=date(2026, 11, 19))
    await hamlet.die(people)
    await engine.follow_now()
    state, reason = await hamlet.state(group)
    assert state == "invalid"
    assert reason
    assert await hamlet.members(group) == set(people)


async def test_a_rule_that_cannot_be_read_makes_its_group_invalid_and_no_other(
    hamlet: Hamlet, engine: Engine, owner_url: str
) -> None:
    people = await hamlet.settle(3)
    broken, sound = await hamlet.group(of_age(18, 99)), await hamlet.group(of_age(18, 98))
    await engine.follow_now()
    owner = open_database(owner_url)  # the application itself cannot change a rule's version
    async with owner.write([hamlet.municipality]) as session:
        await session.execute(
            update(GroupRule).where(GroupRule.group_id == broken).values(rule={"op": "gone"})
        )
    await owner.close()
    await hamlet.die(people[:1])
    await engine.follow_now()
    assert (await hamlet.state(broken))[0] == "invalid"
    assert (await hamlet.state(sound))[0] == "live"
    assert await hamlet.members(broken) == set(people)
    assert await hamlet.members(sound) == set(people[1:])
