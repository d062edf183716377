"""Arithmetic on the calendar: completed months, ages within a year, days told from a day.

Who is born on a day that a month lacks completes it on the first day of the next: 29 February
counts on 1 March of a common year, the 31st of January completes a month on 1 March.
"""

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import Protocol


class Offset(Protocol):
    """How far a day lies after another, as `tree.RelativeDay` tells."""

    @property
    def months(self) -> int:
        """Whole months; below zero: before."""
        ...

    @property
    def days(self) -> int:
        """Days after those months; below zero: before."""
        ...


def completed_months(since: date, as_of: date) -> int | None:
    """Count the whole months from `since` to `as_of`; None before `since`."""
    if since > as_of:
        return None
    months = (as_of.year - since.year) * 12 + as_of.month - since.month
    return months - (as_of.day < since.day)


def latest_start(months: int, as_of: date) -> date:
    """Name the last day since which at least `months` whole months are completed on `as_of`.

    Before the first year of the calendar it is the calendar's first day.
    """
    return _moved(as_of, -months)


def age_in_year(since: date, as_of: date) -> int | None:
    """Count the years that are completed by the end of the year of `as_of`; None before `since`."""
    years = as_of.year - since.year
    return years if years >= 0 else None


def latest_start_in_year(years: int, as_of: date) -> date:
    """Name the last day since which at least `years` are completed by the end of the year."""
    return date(as_of.year - years, 12, 31) if years < as_of.year else date.min


def relative_day(as_of: date, offset: Offset) -> date:
    """Name the day that lies so many months, then so many days, after `as_of` or before it.

    A day that the month lacks becomes its last; the calendar's first and last day are not passed.
    """
    try:
        return _moved(as_of, offset.months) + timedelta(days=offset.days)
    except OverflowError:
        return date.min if offset.days < 0 else date.max


def _moved(day: date, months: int) -> date:
    """Move by months within the calendar, to the month's last day where it lacks the day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year < MINYEAR:
        return date.min
    if year > MAXYEAR:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
