"""Ages on the calendar, day by day."""

from datetime import date, timedelta

import pytest

from groups.evaluation.rules import completed_months, latest_start

DAYS = [date(2023, 1, 1) + timedelta(days=count) for count in range(6 * 365 + 2)]
"""Every day of 2023 to 2028: two leap years among them."""
MONTHS = (0, 1, 2, 11, 12, 36, 37, 84, 216, 780, 1_812)


def test_a_month_completes_every_month_of_life_on_its_day_or_on_the_next_first() -> None:
    for born in DAYS[:1_461]:
        months, day = 0, born
        while day < born + timedelta(days=430):
            day += timedelta(days=1)
            reached = day.day == born.day
            lacking = (day - timedelta(days=1)).day < born.day and day.day == 1
            months += reached or lacking
            assert completed_months(born, day) == months, (born, day)


@pytest.mark.parametrize("months", MONTHS)
def test_the_latest_start_is_the_last_day_with_so_many_completed_months(months: int) -> None:
    for as_of in DAYS:
        start = latest_start(months, as_of)
        completed = completed_months(start, as_of)
        after = completed_months(start + timedelta(days=1), as_of)
        assert completed is not None
        assert completed >= months
        assert after is None or after < months


@pytest.mark.parametrize(
    ("as_of", "years"),
    [
        (date(2022, 2, 28), 1),
        (date(2022, 3, 1), 2),
        (date(2024, 2, 28), 3),
        (date(2024, 2, 29), 4),
        (date(2025, 2, 28), 4),
        (date(2025, 3, 1), 5),
    ],
)
def test_a_birthday_on_29_february_counts_on_1_march_of_a_common_year(
    as_of: date, years: int
) -> None:
    months = completed_months(date(2020, 2, 29), as_of)
    assert months is not None
    assert months // 12 == years
    assert latest_start(12 * years, as_of) >= date(2020, 2, 29)
    assert latest_start(12 * years + 12, as_of) < date(2020, 2, 29)


def test_nobody_has_an_age_before_birth() -> None:
    assert completed_months(date(2026, 11, 21), date(2026, 11, 20)) is None
    assert completed_months(date(2026, 11, 20), date(2026, 11, 20)) == 0


def test_a_start_before_the_calendar_is_its_first_day() -> None:
    assert latest_start(1_800, date(100, 1, 1)) == date.min
