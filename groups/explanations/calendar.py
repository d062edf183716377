"""Until when an answer stays as it is, by the calendar alone."""

from collections.abc import Iterable, Iterator
from datetime import MAXYEAR, date, timedelta

from groups.evaluation.rules import relative_day
from groups.evaluation.spans import spans
from groups.explanations.reading import Known, Reading
from groups.language.tree import (
    AgeInYear,
    And,
    Any,
    Between,
    Comparison,
    Count,
    In,
    IsNull,
    Node,
    Not,
    Or,
    Reference,
    RelativeDay,
)

HORIZON_DAYS = 366 * 200
"""How far ahead a moving day is searched for."""
DAY = timedelta(days=1)


def last_day(node: Node, known: Known, reading: Reading) -> date | None:
    """Name the last civil day on which the answer is as it is now; None: the calendar changes nothing."""
    present = reading.truth(node, known)
    for day in sorted(set(turns(node, known, reading))):
        if day > reading.as_of and Reading(day, reading.groups).truth(node, known) != present:
            return day - DAY
    return None


def turns(node: Node, known: Known, reading: Reading) -> Iterator[date]:
    """List the days on which a clause within the node may come out differently."""
    match node:
        case And(operands) | Or(operands):
            for operand in operands:
                yield from turns(operand, known, reading)
        case Not(operand):
            yield from turns(operand, known, reading)
        case Any():
            yield from _related(node, known, reading)
        case Comparison() | Between() | In() | IsNull():
            yield from _clause(node, known, reading)
        case _:
            return


def _related(node: Any | Count, known: Known, reading: Reading) -> Iterator[date]:
    if node.filter is not None:
        for each in known.related.get(node.relation.name, ()):
            yield from turns(node.filter, each, reading)


def _clause(
    node: Comparison | Between | In | IsNull, known: Known, reading: Reading
) -> Iterator[date]:
    left = node.left
    if isinstance(left, Count):
        yield from _related(left, known, reading)
    elif isinstance(left, AgeInYear):
        since = known.values[left.date.attribute.name]
        if isinstance(since, date):
            yield from _new_years(since, (0, *_bounds(node)))
    elif left.attribute.age is not None:
        yield from _birthdays(node, left, known)
    elif isinstance(node, Comparison) and isinstance(node.right, RelativeDay):
        value = known.values[left.attribute.name]
        if isinstance(value, date):
            yield from _crossings(value, node.right, reading.as_of)


def _bounds(node: Comparison | Between | In | IsNull) -> Iterator[int]:
    """List the numbers at which a clause on whole numbers may turn."""
    if isinstance(node, IsNull):
        return
    for span in spans(node, holds=True):
        yield span.first
        if span.last is not None:
            yield span.last + 1


def _birthdays(
    node: Comparison | Between | In | IsNull, left: Reference, known: Known
) -> Iterator[date]:
    age = left.attribute.age
    since = known.values[age.since] if age else None
    if age is None or not isinstance(since, date):
        return
    yield since
    for units in _bounds(node):
        day = anniversary(since, units * age.months)
        if day is not None:
            yield day


def _new_years(since: date, bounds: Iterable[int]) -> Iterator[date]:
    for years in bounds:
        if since.year + years <= MAXYEAR:
            yield date(since.year + years, 1, 1)


def _crossings(value: date, moving: RelativeDay, as_of: date) -> Iterator[date]:
    """Find the first days on which the moving day has reached, and has passed, the value."""
    for passed in (value, value + DAY):
        low, high = 0, HORIZON_DAYS
        while low < high:
            middle = (low + high) // 2
            if relative_day(as_of + timedelta(days=middle), moving) >= passed:
                high = middle
            else:
                low = middle + 1
        if low < HORIZON_DAYS:
            yield as_of + timedelta(days=low)


def anniversary(since: date, months: int) -> date | None:
    """Name the day on which so many months are completed; None beyond the calendar.

    Where the month lacks the day it is the first of the next: 29 February counts on 1 March.
    """
    year, month = divmod(since.year * 12 + since.month - 1 + months, 12)
    if year >= MAXYEAR:
        return None
    try:
        return date(year, month + 1, since.day)
    except ValueError:
        return date(year, month + 2, 1)
