"""Tests of one column, each giving a new mask that its taker may change."""

from collections.abc import Collection
from datetime import date

import numpy as np
from numpy.typing import NDArray

from groups.columns.layout import UNKNOWN, Column
from groups.evaluation.slots import Mask

EPOCH = date(1970, 1, 1).toordinal()
FEW = 5
"""So many codes are compared one by one faster than every row is looked up."""


def day_number(day: date) -> int:
    """Give the number of a day as columns do: days since 1970-01-01."""
    return day.toordinal() - EPOCH


def none_of(size: int) -> Mask:
    """Mark nobody."""
    return np.zeros(size, np.bool_)


def within(column: Column, first: int | None, last: int | None) -> Mask:
    """Mark values from `first` to `last`, both included; None: without end."""
    if first is None:
        return np.ones(len(column), np.bool_) if last is None else np.less_equal(column, last)
    found: Mask = np.greater_equal(column, first)
    if last is not None:
        found &= np.less_equal(column, last)
    return found


def coded(column: Column, codes: Collection[int], count: int, *, holds: bool) -> Mask:
    """Mark the rows with one of the codes; not `holds`: with another one, none left unknown.

    `count`: of all codes there are, the unknown included.
    """
    others = count - 1 - len(codes)
    if not holds:
        if len(codes) <= FEW:
            return _without(column, codes)
        codes = set(range(1, count)).difference(codes)
    elif others < FEW < len(codes):
        return _without(column, set(range(1, count)).difference(codes))
    if len(codes) <= FEW:
        return _one_of(column, codes)
    known = none_of(count)
    known[list(codes)] = True
    return _looked_up(known, column)


def _one_of(column: Column, codes: Collection[int]) -> Mask:
    found: Mask | None = None
    for code in codes:
        same = np.equal(column, code)
        found = same if found is None else np.logical_or(found, same, out=found)
    return none_of(len(column)) if found is None else found


def _without(column: Column, codes: Collection[int]) -> Mask:
    found = np.not_equal(column, UNKNOWN)
    for code in codes:
        found &= np.not_equal(column, code)
    return found


def _looked_up(known: Mask, column: Column) -> Mask:
    codes: NDArray[np.intp] = column.astype(np.intp)
    return known[codes]


def having(bits: Column, codes: Collection[int], *, every: bool) -> Mask:
    """Mark the rows of tags that have all the words, or at least one of them."""
    by_byte: dict[int, int] = {}
    for code in codes:
        by_byte[code // 8] = by_byte.get(code // 8, 0) | 1 << code % 8
    found: Mask | None = None
    for place, wanted in by_byte.items():
        if place >= len(bits):
            part = none_of(bits.shape[1])
        else:
            part = np.bitwise_and(bits[place], wanted) if wanted != 255 else bits[place]
            part = part == wanted if every else part != 0
        if found is None:
            found = part
        elif every:
            found &= part
        else:
            found |= part
    return none_of(bits.shape[1]) if found is None else found
