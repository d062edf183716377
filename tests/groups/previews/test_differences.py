"""Attacks on the guard: learning of a few people by counts that are each large."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from backend.kernel.db import Database
from backend.kernel.housekeeping import HOUSEKEEPING_DUE
from backend.kernel.ids import new_id
from backend.kernel.outbox import lock_next_event, publish, remove
from backend.kernel.principals import PrincipalKind
from backend.kernel.settings import Settings
from backend.worker.handlers import outbox_handlers
from groups.tables import PreviewSet
from tests.drivers.clock import SteeredClock
from tests.drivers.people import ROPAZI, Caller, SignIn
from tests.groups.previews.asking import (
    at_least,
    both,
    either,
    female,
    negated,
    parish,
    preview,
    size,
)
from tests.groups.townsfolk import Facts, Townsfolk

OTHER = "Ropažu pagasts"


@pytest.fixture
async def town(townsfolk: Townsfolk) -> Townsfolk:
    """Give a town: a parish of 30, of whom 3 are men, and another of 40 women."""
    await townsfolk.settle(27, Facts(sex="female"))
    await townsfolk.settle(3, Facts(sex="male"))
    await townsfolk.settle(40, Facts(parish=OTHER, sex="female"))
    return townsfolk


@pytest.mark.usefixtures("town")
async def test_a_clause_more_that_leaves_out_a_few_is_withheld(communicator: Caller) -> None:
    assert size(await preview(communicator, parish())) == 30
    shown = await preview(communicator, negated(either(negated(parish()), negated(female()))))
    assert size(shown) == "withheld"


@pytest.mark.usefixtures("town")
async def test_so_it_is_when_the_smaller_set_was_shown_first(communicator: Caller) -> None:
    one_step = negated(either(negated(parish()), negated(female())))
    assert size(await preview(communicator, one_step)) == 27
    assert size(await preview(communicator, parish())) == "withheld"


@pytest.mark.usefixtures("town")
async def test_steps_of_one_answer_are_held_against_each_other(communicator: Caller) -> None:
    shown = await preview(communicator, both(parish(), female()))
    assert size(shown) == 27
    assert [size(step) for step in shown["funnel"]] == ["withheld", 27]


@pytest.mark.usefixtures("town")
async def test_a_set_that_leaves_out_a_few_of_everybody_is_withheld(communicator: Caller) -> None:
    assert size(await preview(communicator, female())) == "withheld"
    assert size(await preview(communicator, either(parish(OTHER), female()))) == "withheld"


@pytest.mark.usefixtures("town")
async def test_everybody_may_be_shown_as_everybody(communicator: Caller) -> None:
    shown = await preview(communicator, at_least(0))
    assert (size(shown), size(shown["everybody"])) == (70, 70)


@pytest.mark.usefixtures("town")
async def test_the_same_people_are_shown_again_however_the_rule_is_written(
    communicator: Caller,
) -> None:
    assert size(await preview(communicator, parish())) == 30
    assert size(await preview(communicator, parish())) == 30
    assert size(await preview(communicator, negated(negated(parish())))) == 30


async def test_a_difference_of_nine_is_withheld_and_of_ten_is_shown(
    communicator: Caller, townsfolk: Townsfolk
) -> None:
    await townsfolk.settle(20, Facts(sex="female"))
    await townsfolk.settle(9, Facts(sex="male"))
    await townsfolk.settle(1, Facts(sex="male", parish="Vangažu pilsēta"))
    await townsfolk.settle(30, Facts(parish=OTHER, sex="female"))
    two = either(parish(), parish("Vangažu pilsēta"))
    women = negated(either(parish(OTHER), negated(female())))
    assert size(await preview(communicator, women)) == 20
    assert size(await preview(communicator, parish())) == "withheld"
    assert size(await preview(communicator, negated(negated(two)))) == 30


async def test_equal_sizes_of_other_people_are_both_shown(
    communicator: Caller, townsfolk: Townsfolk
) -> None:
    await townsfolk.settle(20)
    await townsfolk.settle(20, Facts(parish=OTHER))
    assert size(await preview(communicator, parish())) == 20
    assert size(await preview(communicator, parish(OTHER))) == 20


async def test_who_has_a_birthday_is_not_told_by_asking_for_two_days(
    communicator: Caller, townsfolk: Townsfolk
) -> None:
    await townsfolk.settle(20, Facts(born=date(1990, 1, 1)))
    await townsfolk.settle(2, Facts(born=date(2008, 11, 22)))
    await townsfolk.settle(30, Facts(born=date(2020, 1, 1)))
    assert size(await preview(communicator, at_least(18))) == 20
    assert size(await preview(communicator, at_least(18), asOf="2026-11-22")) == "withheld"


async def test_who_moved_in_is_not_told_by_asking_again_within_thirty_days(
    communicator: Caller, town: Townsfolk, clock: SteeredClock, sign_in: SignIn
) -> None:
    assert size(await preview(communicator, parish())) == 30
    await town.settle(1)
    assert size(await preview(communicator, parish())) == "withheld"
    clock.advance(hours=29 * 24)
    again = await sign_in(PrincipalKind.STAFF, ["communicator"], subject_id=communicator.subject_id)
    assert size(await preview(again, parish())) == "withheld"
    clock.advance(hours=48)
    again = await sign_in(PrincipalKind.STAFF, ["communicator"], subject_id=communicator.subject_id)
    assert size(await preview(again, parish())) == 31


async def test_what_is_shown_again_is_remembered_anew(
    communicator: Caller, town: Townsfolk, clock: SteeredClock, sign_in: SignIn
) -> None:
    assert size(await preview(communicator, parish())) == 30
    clock.advance(hours=20 * 24)
    again = await sign_in(PrincipalKind.STAFF, ["communicator"], subject_id=communicator.subject_id)
    assert size(await preview(again, parish())) == 30
    clock.advance(hours=20 * 24)
    again = await sign_in(PrincipalKind.STAFF, ["communicator"], subject_id=communicator.subject_id)
    await town.settle(1)
    assert size(await preview(again, parish())) == "withheld"


@pytest.mark.usefixtures("town")
async def test_what_another_was_shown_does_not_count(communicator: Caller, sign_in: SignIn) -> None:
    other = await sign_in(PrincipalKind.STAFF, ["communicator"])
    assert size(await preview(communicator, parish())) == 30
    assert size(await preview(other, negated(either(parish(OTHER), negated(female()))))) == 27


@pytest.mark.usefixtures("town")
async def test_two_asked_at_once_are_held_against_each_other(communicator: Caller) -> None:
    women = negated(either(parish(OTHER), negated(female())))
    shown = await asyncio.gather(preview(communicator, parish()), preview(communicator, women))
    assert sorted(str(size(each)) for each in shown) in (["27", "withheld"], ["30", "withheld"])


@pytest.mark.usefixtures("town")
async def test_neither_small_nor_withheld_sets_are_kept_and_a_repeat_adds_none(
    communicator: Caller, database: Database
) -> None:
    for rule in (parish(), parish(), parish("Nekurienes pagasts"), female()):
        await preview(communicator, rule)
    assert await kept(database) == 1


@pytest.mark.usefixtures("town")
async def test_the_oldest_give_way_beyond_the_most_that_are_kept(
    communicator: Caller, database: Database
) -> None:
    await preview(communicator, parish())
    async with database.write([ROPAZI]) as session:
        row = (await session.scalars(select(PreviewSet))).one()
        copies = [
            PreviewSet(
                municipality_id=ROPAZI,
                id=new_id(),
                staff_id=row.staff_id,
                asked_at=row.asked_at - timedelta(hours=number),
                as_of=row.as_of,
                size=1000 + number,
                slots=row.slots,
            )
            for number in range(500)
        ]
        session.add_all(copies)
    await preview(communicator, parish(OTHER))
    assert await kept(database) == 500


@pytest.mark.usefixtures("town")
async def test_after_thirty_days_what_was_shown_is_removed(
    communicator: Caller, database: Database, settings: Settings, clock: SteeredClock
) -> None:
    await preview(communicator, parish())
    clock.advance(hours=30 * 24)
    handlers = outbox_handlers(settings, clock)
    async with database.write([ROPAZI]) as session:
        await publish(session, ROPAZI, HOUSEKEEPING_DUE, {}, clock())
    async with database.write([ROPAZI]) as session:
        while event := await lock_next_event(session, clock()):
            await handlers[event.topic](session, event)
            await remove(session, event)
    assert await kept(database) == 0


async def kept(database: Database) -> int:
    """Count the sets that are remembered."""
    async with database.read([ROPAZI]) as session:
        return await session.scalar(select(func.count()).select_from(PreviewSet)) or 0
