"""Clauses on whole numbers as spans, of numbers and of days: the same for every evaluator."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from groups.evaluation.rules import latest_start, latest_start_in_year
from groups.language.things import Operator
from groups.language.tree import AgeInYear, Between, Comparison, In, Reference

Numeric: TypeAlias = Comparison | Between | In
"""A clause that compares with whole numbers."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The numbers from `first` to `last`, both included; None: without end. Never below zero."""

    first: int
    last: int | None

    def has(self, least: int, most: int) -> bool:
        """Say whether all the numbers from `least` to `most` lie within."""
        return self.first <= least and (self.last is None or most <= self.last)


@dataclass(frozen=True, slots=True)
class Days:
    """The days after `after`, which is left out, until `until`; None: from the first day on."""

    after: date | None
    until: date


def spans(clause: Numeric, *, holds: bool) -> tuple[Span, ...]:
    """List the numbers from zero for which the clause holds, or does not.

    The spans are in order and there is a gap between any two. So of a number known only to lie
    between two others the clause holds exactly if one span has them both (`Span.has`).
    """
    within = _within(clause)
    return tuple(within if holds else _without(within))


def days(clause: Numeric, as_of: date, *, holds: bool) -> tuple[Days, ...]:
    """List the days since which a clause on an age, virtual or within the year, holds or does not.

    Days after those of age zero are in none: who is not yet born has no age.
    """
    return tuple(
        Days(
            None if span.last is None else _start(clause, span.last + 1, as_of),
            _start(clause, span.first, as_of),
        )
        for span in spans(clause, holds=holds)
    )


def _start(clause: Numeric, units: int, as_of: date) -> date:
    match clause.left:
        case AgeInYear():
            return latest_start_in_year(units, as_of)
        case Reference(attribute) if attribute.age is not None:
            return latest_start(units * attribute.age.months, as_of)
        case _:
            raise TypeError("only ages count from a day")


def _within(clause: Numeric) -> list[Span]:
    match clause:
        case Between():
            return _from_zero(clause.lower, clause.upper)
        case In():
            return _joined([value for value in clause.values if isinstance(value, int)])
        case Comparison():
            return _compared(clause)


def _compared(clause: Comparison) -> list[Span]:
    if not isinstance(clause.right, int):
        raise TypeError("spans are of whole numbers")
    value = clause.right
    within = {
        Operator.EQUAL: _from_zero(value, value),
        Operator.NOT_EQUAL: _without(_from_zero(value, value)),
        Operator.LESS: _from_zero(0, value - 1),
        Operator.AT_MOST: _from_zero(0, value),
        Operator.GREATER: _from_zero(value + 1, None),
        Operator.AT_LEAST: _from_zero(value, None),
    }
    return within[clause.operator]


def _from_zero(first: int, last: int | None) -> list[Span]:
    return [] if last is not None and last < 0 else [Span(max(first, 0), last)]


def _joined(values: list[int]) -> list[Span]:
    """Join neighbours, so that a list of ages becomes a few spans."""
    joined: list[Span] = []
    for value in sorted(each for each in set(values) if each >= 0):
        if joined and joined[-1].last == value - 1:
            joined[-1] = Span(joined[-1].first, value)
        else:
            joined.append(Span(value, value))
    return joined


def _without(within: list[Span]) -> list[Span]:
    """List the gaps between spans, from zero on."""
    gaps: list[Span] = []
    first: int | None = 0
    for span in within:
        if first is not None and span.first > first:
            gaps.append(Span(first, span.first - 1))
        first = None if span.last is None else span.last + 1
    if first is not None:
        gaps.append(Span(first, None))
    return gaps
