"""Calendar, patterns and plane geometry, each in the plainest way that is surely right."""

import re
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

from groups.language.projection import to_lks92
from tests.groups.evaluation.world import anniversary

Corner = tuple[int, int]


def months_lived(born: date | None, as_of: date) -> int | None:
    """Count birthdays of months one by one."""
    if born is None or born > as_of:
        return None
    months = (as_of - born).days // 31
    while anniversary(born, months + 1) <= as_of:
        months += 1
    return months


def age_in_year(born: date, as_of: date) -> int | None:
    """Count the New Years since birth."""
    return as_of.year - born.year if born.year <= as_of.year else None


def day(written: dict[str, Any], as_of: date) -> date:
    """Read a day, or today moved by a duration."""
    if "date" in written:
        return date.fromisoformat(written["date"])
    duration = written["args"][0] if written["args"] else "P0D"
    sign = -1 if duration.startswith("-") else 1
    amounts = {unit: sign * int(count) for count, unit in re.findall(r"([0-9]+)([YMWD])", duration)}
    year, month = as_of.year + amounts.get("Y", 0), as_of.month + amounts.get("M", 0)
    while month < 1:
        year, month = year - 1, month + 12
    while month > 12:
        year, month = year + 1, month - 12
    moved = last_such(year, month, as_of.day)
    return moved + timedelta(days=amounts.get("D", 0) + 7 * amounts.get("W", 0))


def last_such(year: int, month: int, number: int) -> date:
    """Name a day of a month, or its last."""
    try:
        return date(year, month, number)
    except ValueError:
        return last_such(year, month, number - 1)


def resembles(text: str, pattern: str) -> bool:
    """Compare a text with a pattern, sign by sign."""
    if not pattern:
        return not text
    if pattern[0] == "%":
        return any(resembles(text[skipped:], pattern[1:]) for skipped in range(len(text) + 1))
    taken = 2 if pattern[0] == "\\" else 1
    same = bool(text) and (pattern[0] == "_" or text[0] == pattern[taken - 1])
    return same and resembles(text[1:], pattern[taken:])


def surrounds(geometry: dict[str, Any], point: tuple[float, float]) -> bool:
    """Say whether a point in metres is in one of the polygons, whole centimetres compared."""
    at = (round(point[0] * 100), round(point[1] * 100))
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    return any(_in_polygon(at, [_corners(repr(ring)) for ring in each]) for each in polygons)


@cache
def _corners(written: str) -> tuple[Corner, ...]:
    """Project a ring."""
    numbers = [float(number) for number in re.findall(r"[0-9.e+-]+", written)]
    places = to_lks92(numbers[::2], numbers[1::2])
    return tuple((round(east * 100), round(north * 100)) for east, north in places)


def _in_polygon(at: Corner, rings: list[tuple[Corner, ...]]) -> bool:
    outer, *holes = rings
    return _in_ring(at, outer) is not False and not any(_in_ring(at, hole) for hole in holes)


def _in_ring(at: Corner, ring: tuple[Corner, ...]) -> bool | None:
    """Count the edges straight north of a point; None: the point is on one."""
    x, y = at
    above = 0
    for (x1, y1), (x2, y2) in pairwise(ring):
        if x1 == x2:
            if x == x1 and min(y1, y2) <= y <= max(y1, y2):
                return None
            continue
        height = y1 + Fraction((y2 - y1) * (x - x1), x2 - x1)
        if height == y and min(x1, x2) <= x <= max(x1, x2):
            return None
        above += (x1 < x) != (x2 < x) and height > y
    return above % 2 == 1
