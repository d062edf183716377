"""Age arithmetic on the calendar: completed months and years, and the birthdays behind them.

Who is born on a day that a month lacks completes it on the first day of the next: 29 February
counts on 1 March of a common year, the 31st of January completes a month on 1 March.
"""

from calendar import monthrange
from datetime import MINYEAR, date


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
    year, month = divmod(as_of.year * 12 + as_of.month - 1 - months, 12)
    if year < MINYEAR:
        return date.min
    return date(year, month + 1, min(as_of.day, monthrange(year, month + 1)[1]))
