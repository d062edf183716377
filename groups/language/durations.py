"""ISO 8601 durations of whole days, as `today` takes them."""

import re

from groups.language.tree import RelativeDay

DURATION = re.compile(
    r"(?P<sign>[+-]?)P(?=[0-9])"
    r"(?:(?P<years>[0-9]{1,6})Y)?(?:(?P<months>[0-9]{1,6})M)?"
    r"(?:(?P<weeks>[0-9]{1,6})W)?(?:(?P<days>[0-9]{1,6})D)?"
)
MOST_YEARS = 200
DAYS, MONTHS = 146_097, 4_800
"""What 400 years of the calendar have."""


def read_duration(written: str) -> RelativeDay | None:
    """Read such as "-P90D" or "P1Y2M"; None if it is not written so, years to days in order."""
    found = DURATION.fullmatch(written)
    if found is None:
        return None
    years, months, weeks, days = (
        int(found[unit] or 0) for unit in ("years", "months", "weeks", "days")
    )
    sign = -1 if found["sign"] == "-" else 1
    return RelativeDay(sign * (years * 12 + months), sign * (weeks * 7 + days))


def is_within_reach(moved: RelativeDay) -> bool:
    """Tell whether the move is of at most 200 years, months counted at their mean length."""
    return abs(moved.months) * DAYS + abs(moved.days) * MONTHS <= MOST_YEARS * 12 * DAYS


def write_duration(moved: RelativeDay) -> str:
    """Write a move as the one duration that stands for it; `P0D` for none."""
    years, months = divmod(abs(moved.months), 12)
    units = ((years, "Y"), (months, "M"), (abs(moved.days), "D"))
    text = "".join(f"{amount}{unit}" for amount, unit in units if amount)
    sign = "-" if moved.months < 0 or moved.days < 0 else ""
    return f"{sign}P{text or '0D'}"
