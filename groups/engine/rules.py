"""Which civil days are followed, and how long a municipality that failed waits."""

from datetime import date, timedelta

MOST_DAYS = 31
FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 60.0


def missed_days(last: date, today: date) -> tuple[date, ...]:
    """List the days after the last that was followed, in order; after more than a month only today.

    None where the clock was set back.
    """
    missed = (today - last).days
    if missed > MOST_DAYS:
        return (today,)
    return tuple(last + timedelta(days=days) for days in range(1, missed + 1))


def wait_seconds(failures: int) -> float:
    """Give the wait after this many failures in a row (from 1): doubling, up to a minute."""
    return float(min(FIRST_WAIT_SECONDS * 2 ** min(failures - 1, 16), LONGEST_WAIT_SECONDS))
