"""Clauses on whole numbers as spans of them: the same for every evaluator."""

from dataclasses import dataclass

from groups.language.things import Operator
from groups.language.tree import Between, Comparison, In


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The numbers from `first` to `last`, both included; None: without end. Never below zero."""

    first: int
    last: int | None


def spans(clause: Comparison | Between | In, *, holds: bool) -> tuple[Span, ...]:
    """List, in order and apart, the numbers from zero for which the clause holds, or does not."""
    within = _within(clause)
    return tuple(within if holds else _without(within))


def _within(clause: Comparison | Between | In) -> list[Span]:
    match clause:
        case Between():
            return [Span(clause.lower, clause.upper)]
        case In():
            return _joined([int(value) for value in clause.values if isinstance(value, int)])
        case Comparison():
            return _compared(clause)


def _compared(clause: Comparison) -> list[Span]:
    if not isinstance(clause.right, int):
        raise TypeError("spans are of whole numbers")
    value = clause.right
    within = {
        Operator.EQUAL: [Span(value, value)],
        Operator.NOT_EQUAL: _without([Span(value, value)]),
        Operator.LESS: _until(value - 1),
        Operator.AT_MOST: _until(value),
        Operator.GREATER: [Span(value + 1, None)],
        Operator.AT_LEAST: [Span(value, None)],
    }
    return within[clause.operator]


def _until(last: int) -> list[Span]:
    return [Span(0, last)] if last >= 0 else []


def _joined(values: list[int]) -> list[Span]:
    """Join neighbours, so that a list of ages becomes a few spans."""
    joined: list[Span] = []
    for value in sorted(set(values)):
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
