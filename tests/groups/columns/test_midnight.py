"""Ages at every midnight of ten years, against a calendar that counts birthdays one by one."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from numpy.typing import NDArray

from backend.kernel.db import Database
from groups.columns.store import ColumnStore
from groups.evaluation.ports import Question
from groups.language.decode import decode
from tests.groups.columns.loaded import loaded
from tests.groups.evaluation.conftest import HERE
from tests.groups.evaluation.tables import store as write
from tests.groups.evaluation.world import NOTHING_KNOWN, Person, World, anniversary
from tests.groups.language.drawn_rules import call

FIRST = date(2023, 1, 1)
MIDNIGHTS = [FIRST + timedelta(days=count) for count in range(3_653)]
"""Every day of 2023 to 2032."""
EDGES = [(1, 1), (1, 31), (2, 28), (2, 29), (3, 1), (3, 31), (4, 30), (8, 31), (12, 31), (6, 15)]
BIRTHDAYS = [
    date(year, month, day)
    for year in (1928, 1947, 1952, 1957, 1964, 1968, 2004, 2005, 2006, *range(2016, 2033))
    for month, day in EDGES
    if (month, day) != (2, 29) or year % 4 == 0
]
Months = NDArray[np.int64]

AGE, AGE_MONTHS = {"property": "age"}, {"property": "age_months"}
IN_YEAR = call("age_in_year", {"property": "birth_date"})
RULES: list[tuple[dict[str, Any], Callable[[Months, Months], NDArray[np.bool_]]]] = [
    (call("between", AGE, 3, 6), lambda months, _: (months >= 36) & (months < 84)),
    (call(">=", AGE, 18), lambda months, _: months >= 216),
    (call("not", call(">=", AGE, 65)), lambda months, _: (months >= 0) & (months < 780)),
    (call("in", AGE, [0, 4, 75]), lambda months, _: np.isin(months // 12, (0, 4, 75))),
    (call("<", AGE_MONTHS, 18), lambda months, _: (months >= 0) & (months < 18)),
    (call("=", AGE_MONTHS, 36), lambda months, _: months == 36),
    (call("isNull", AGE), lambda months, _: months < 0),
    (call("=", IN_YEAR, 7), lambda _, years: years == 7),
]


@pytest.fixture
async def columns(database: Database) -> ColumnStore:
    """Give columns of one resident for each birthday, in their order."""
    people = [
        Person(UUID(int=slot + 1), slot, {**NOTHING_KNOWN, "birth_date": day}, None, closed=False)
        for slot, day in enumerate(BIRTHDAYS)
    ]
    await write(database, HERE, World(people=people))
    return (await loaded(database, [HERE])).store


def months_lived() -> Months:
    """Count each resident's completed months on each day by their anniversaries; -1: not born."""
    midnights = np.array(MIDNIGHTS, "datetime64[D]")
    lived = np.empty((len(MIDNIGHTS), len(BIRTHDAYS)), np.int64)
    for slot, born in enumerate(BIRTHDAYS):
        count = max(0, (MIDNIGHTS[-1] - born).days // 28) + 2
        days = np.array([anniversary(born, month) for month in range(count)], "datetime64[D]")
        lived[:, slot] = np.searchsorted(days, midnights, "right") - 1
    return lived


async def test_on_every_midnight_of_ten_years_ages_are_those_of_the_calendar(
    columns: ColumnStore,
) -> None:
    lived = months_lived()
    born_in = np.array([day.year for day in BIRTHDAYS])
    trees = [(decode(rule), expected) for rule, expected in RULES]
    for place, as_of in enumerate(MIDNIGHTS):
        for tree, expected in trees:
            found = columns.members(Question((HERE,), tree, as_of)).slots
            wanted = np.flatnonzero(expected(lived[place], as_of.year - born_in))
            assert list(found) == wanted.tolist(), (as_of, tree)


async def test_who_was_born_on_29_february_is_a_year_older_on_1_march_of_a_common_year(
    columns: ColumnStore,
) -> None:
    leapling = BIRTHDAYS.index(date(2020, 2, 29))
    rule = decode(call("=", AGE, 5))
    days = [
        day for day in MIDNIGHTS if leapling in columns.members(Question((HERE,), rule, day)).slots
    ]
    assert (days[0], days[-1]) == (date(2025, 3, 1), date(2026, 2, 28))
