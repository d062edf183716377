"""At civil midnight ages move on: every day once, in order, in the municipality's own zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from groups.engine.engine import Engine
from groups.engine.rules import MOST_DAYS, missed_days, wait_seconds
from tests.drivers.clock import SteeredClock
from tests.groups.engine.hamlet import Hamlet, of_age
from tests.groups.townsfolk import Facts

RIGA = ZoneInfo("Europe/Riga")


def _riga(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=RIGA).astimezone(UTC)  # type: ignore[misc,arg-type] # numbers


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 7, 1),
        date(2026, 3, 29),  # clocks are put forward
        date(2026, 3, 30),
        date(2026, 10, 25),  # and back
        date(2026, 10, 26),
        date(2027, 1, 1),
    ],
)
async def test_who_turns_eighteen_joins_at_local_midnight_and_not_a_minute_before(
    hamlet: Hamlet, engine: Engine, clock: SteeredClock, day: date
) -> None:
    midnight = _riga(day.year, day.month, day.day)
    clock.now = midnight - timedelta(minutes=1)
    (person,) = await hamlet.settle(1, Facts(born=day.replace(year=day.year - 18)))
    adults = await hamlet.group(of_age(18, 99))
    await engine.follow_now()
    assert await hamlet.members(adults) == set()
    clock.now = midnight
    await engine.follow_now()
    assert await hamlet.members(adults) == {person}
    assert [e.cause for e in await hamlet.evaluations(adults)] == ["import", "calendar"]
    followed = await hamlet.followed()
    assert followed is not None
    assert followed.as_of == day


async def test_who_was_born_on_29_february_is_a_year_older_on_1_march(
    hamlet: Hamlet, engine: Engine, clock: SteeredClock
) -> None:
    clock.now = _riga(2026, 2, 28, 12)
    (person,) = await hamlet.settle(1, Facts(born=date(2008, 2, 29)))
    adults = await hamlet.group(of_age(18, 99))
    await engine.follow_now()
    assert await hamlet.members(adults) == set()
    clock.now = _riga(2026, 3, 1)
    await engine.follow_now()
    assert await hamlet.members(adults) == {person}


async def test_missed_nights_are_caught_up_one_by_one(
    hamlet: Hamlet, engine: Engine, clock: SteeredClock
) -> None:
    clock.now = _riga(2026, 11, 20, 12)
    people = [
        *await hamlet.settle(1, Facts(born=date(2008, 11, 21))),
        *await hamlet.settle(1, Facts(born=date(2008, 11, 23))),
    ]
    adults = await hamlet.group(of_age(18, 99))
    await engine.follow_now()
    clock.now = _riga(2026, 11, 24, 8)
    later = Engine(engine.database, engine.municipalities, clock, engine.bell)
    await later.follow_now()
    assert await hamlet.members(adults) == set(people)
    days = [each.as_of for each in await hamlet.evaluations(adults)]
    assert days == [date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 23)]
    await hamlet.check(date(2026, 11, 24))


async def test_midnight_passes_while_facts_change(
    hamlet: Hamlet, engine: Engine, clock: SteeredClock
) -> None:
    clock.now = _riga(2026, 11, 20, 23)
    (first,) = await hamlet.settle(1, Facts(born=date(2008, 11, 21)))
    adults = await hamlet.group(of_age(18, 99))
    await engine.follow_now()
    (second,) = await hamlet.settle(1)
    clock.now = _riga(2026, 11, 21, 0, 1)
    await engine.follow_now()
    assert await hamlet.members(adults) == {first, second}
    assert await hamlet.left_to_follow() == 0


def test_after_more_than_a_month_only_today_is_followed() -> None:
    last = date(2026, 1, 1)
    assert missed_days(last, last) == ()
    assert missed_days(last, last - timedelta(days=1)) == ()
    assert len(missed_days(last, last + timedelta(days=MOST_DAYS))) == MOST_DAYS
    after = last + timedelta(days=MOST_DAYS + 1)
    assert missed_days(last, after) == (after,)


def test_a_municipality_that_fails_waits_longer_each_time_and_a_minute_at_most() -> None:
    assert [wait_seconds(failures) for failures in (1, 2, 3, 1000)] == [1, 2, 4, 60]
