"""Clauses on the columns of one table; what is unknown never passes, whichever answer is wanted."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

import numpy as np

from groups.columns.layout import DAY_COLUMNS, NO_DAY, NO_NUMBER, NO_POINT, UNKNOWN, Column
from groups.columns.masks import coded, day_number, having, none_of, within
from groups.columns.polygons import inside
from groups.columns.population import Table
from groups.evaluation.rules import relative_day
from groups.evaluation.slots import Mask
from groups.evaluation.spans import Numeric, days, spans
from groups.language.things import Operator
from groups.language.tree import (
    Comparison,
    In,
    Intersects,
    Like,
    Reference,
    RelativeDay,
    Tagged,
)
from groups.registry.rules import REACH

CHANNELS, LOCATION = "channels", "location"
LATEST = NO_DAY - 1

OPPOSITE: Mapping[Operator, Operator] = {
    Operator.EQUAL: Operator.NOT_EQUAL,
    Operator.NOT_EQUAL: Operator.EQUAL,
    Operator.LESS: Operator.AT_LEAST,
    Operator.AT_LEAST: Operator.LESS,
    Operator.GREATER: Operator.AT_MOST,
    Operator.AT_MOST: Operator.GREATER,
}
RANGES: Mapping[Operator, Callable[[int], list[tuple[int | None, int]]]] = {
    Operator.EQUAL: lambda day: [(day, day)],
    Operator.NOT_EQUAL: lambda day: [(None, day - 1), (day + 1, LATEST)],
    Operator.LESS: lambda day: [(None, day - 1)],
    Operator.AT_MOST: lambda day: [(None, day)],
    Operator.GREATER: lambda day: [(day + 1, LATEST)],
    Operator.AT_LEAST: lambda day: [(day, LATEST)],
}
"""The days that pass, by their numbers; that of no day lies after all of them."""


def known(table: Table, left: Reference, as_of: date) -> Mask:
    """Mark the rows that have a value; an age is known from birth on."""
    attribute = left.attribute
    if attribute.age is not None:
        return within(table.columns[attribute.age.since], None, day_number(as_of))
    if attribute.name == LOCATION:
        return np.not_equal(table.columns["easting"], NO_POINT)
    column = table.columns[attribute.name]
    if attribute.name in DAY_COLUMNS:
        return np.not_equal(column, NO_DAY)
    unknown = UNKNOWN if attribute.name in table.words else NO_NUMBER
    return np.not_equal(column, unknown)


def tagged(table: Table, clause: Tagged, *, holds: bool) -> Mask:
    """Compare tags with words."""
    every, name = clause.operator is Operator.CONTAINS, clause.left.attribute.name
    if name == CHANNELS:
        bits = table.columns["reach"][np.newaxis, :]
        found = having(bits, [REACH[word].bit_length() - 1 for word in clause.words], every=every)
    else:
        codes = table.words[name].equal(clause.words, folded=False)
        if every and len(codes) < len(set(clause.words)):
            found = none_of(table.size)
        else:
            found = having(table.columns[name], codes, every=every)
    return found if holds else np.logical_not(found, out=found)


def located(table: Table, clause: Intersects, *, holds: bool) -> Mask:
    """Compare places with an area."""
    found = inside(table, clause.area)
    return found if holds else np.not_equal(table.columns["easting"], NO_POINT) & ~found


def alike(table: Table, clause: Like, *, holds: bool) -> Mask:
    """Compare texts with a pattern."""
    name = clause.left.attribute.name
    words = table.words[name]
    codes = words.like(clause.pattern, folded=clause.left.folded)
    return coded(table.columns[name], codes, len(words), holds=holds)


def aged(since: Column, clause: Numeric, as_of: date, *, holds: bool) -> Mask:
    """Compare an age, by the days since which it is so."""
    bounds = (
        (None if each.after is None else day_number(each.after) + 1, day_number(each.until))
        for each in days(clause, as_of, holds=holds)
    )
    return any_of((within(since, *each) for each in bounds), len(since))


def plain(table: Table, clause: Numeric, left: Reference, as_of: date, *, holds: bool) -> Mask:
    """Compare days, texts or whole numbers as they are kept."""
    name = left.attribute.name
    column = table.columns[name]
    if name in table.words:
        return _worded(table, clause, left, holds=holds)
    if name in DAY_COLUMNS and isinstance(clause, Comparison):
        operator = clause.operator if holds else OPPOSITE[clause.operator]
        ranges = RANGES[operator](day_number(_day(clause.right, as_of)))
        return any_of((within(column, *each) for each in ranges), len(column))
    wanted = spans(clause, holds=holds)
    return any_of((within(column, each.first, each.last) for each in wanted), len(column))


def _worded(table: Table, clause: Numeric, left: Reference, *, holds: bool) -> Mask:
    words, column = table.words[left.attribute.name], table.columns[left.attribute.name]
    match clause:
        case In(values=values):
            wanted: Iterable[object] = values
        case Comparison(operator=operator, right=right):
            wanted, holds = (right,), (operator is Operator.EQUAL) is holds
        case _:
            raise TypeError("texts have no order")
    texts = [value for value in wanted if isinstance(value, str)]
    return coded(column, words.equal(texts, folded=left.folded), len(words), holds=holds)


def _day(value: object, as_of: date) -> date:
    day = relative_day(as_of, value) if isinstance(value, RelativeDay) else value
    if not isinstance(day, date):
        raise TypeError(type(day).__name__)
    return day


def any_of(masks: Iterable[Mask], size: int) -> Mask:
    """Mark what one of the masks marks, in the first of them."""
    found: Mask | None = None
    for each in masks:
        found = each if found is None else np.logical_or(found, each, out=found)
    return none_of(size) if found is None else found
