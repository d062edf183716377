"""Texts by number, patterns, and hashes."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups.columns.masks import coded
from groups.columns.words import Behind, Collision, Words
from groups.language.patterns import expression

SIGNS = "abA%_\\.*\n"


def resembles(pattern: str, sought: str) -> bool:
    """Compare sign by sign, as the language's README says."""
    if not pattern:
        return not sought
    if pattern[0] == "%":
        return any(resembles(pattern[1:], sought[start:]) for start in range(len(sought) + 1))
    if pattern[0] == "\\" and len(pattern) > 1:
        return sought[:1] == pattern[1] and resembles(pattern[2:], sought[1:])
    return bool(sought) and pattern[0] in ("_", sought[0]) and resembles(pattern[1:], sought[1:])


@given(pattern=st.text(SIGNS, max_size=7), sought=st.text(SIGNS, max_size=7))
def test_a_pattern_fits_what_it_fits_sign_by_sign(pattern: str, sought: str) -> None:
    assert bool(expression(pattern).match(sought)) is resembles(pattern, sought)


def test_a_pattern_of_many_gaps_takes_no_time_on_a_long_text() -> None:
    assert not expression("%a" * 60 + "%b").match("a" * 200)


def test_the_empty_pattern_fits_no_unknown_text() -> None:
    words = Words("Ulbroka")
    assert words.like("%", folded=False) == [1]
    assert words.like("%", folded=True) == [1]


@given(
    codes=st.lists(st.integers(0, 12), max_size=40),
    wanted=st.sets(st.integers(1, 12)),
    holds=st.booleans(),
)
def test_codes_are_told_alike_however_many_are_wanted(
    codes: list[int], wanted: set[int], *, holds: bool
) -> None:
    found = coded(np.array(codes, np.uint8), wanted, 13, holds=holds)
    assert found.tolist() == [code > 0 and (code in wanted) is holds for code in codes]


def test_a_code_too_large_for_the_column_is_nobodys() -> None:
    column = np.array([0, 1, 255], np.uint8)
    assert not coded(column, [256], 300, holds=True).any()
    assert coded(column, [256], 300, holds=False).tolist() == [False, True, True]


def test_two_texts_of_one_hash_are_refused_and_one_text_twice_is_not() -> None:
    behind = Behind([Words()])
    behind.learn([(7, ("Ulbroka",)), (9, ("Zaķumuiža",))])
    behind.learn([(7, ("Ulbroka",))])
    with pytest.raises(Collision):
        behind.learn([(9, ("Ropaži",))])
    with pytest.raises(Collision):
        Behind([Words()]).learn([(0, ("of the hash that stands for no text",))])


def test_a_hash_that_is_not_known_finds_nothing_at_all() -> None:
    behind = Behind([Words(), Words()])
    behind.learn([(-5, ("a", None)), (5, ("b", "c"))])
    assert behind.find(np.array([5, 6])) is None
    found = behind.find(np.array([5, -5, 0]))
    assert found is not None
    assert [codes.tolist() for codes in found] == [[2, 1, 0], [1, 0, 0]]


def test_more_texts_than_a_byte_counts_widen_the_codes() -> None:
    behind = Behind([Words()])
    behind.learn([(number, (f"Iela {number}",)) for number in range(1, 300)])
    [codes] = behind.find(np.arange(1, 300)) or ()
    assert codes.dtype == np.uint16
    assert codes.tolist() == list(range(1, 300))
    assert re.fullmatch("Iela 299", behind.words[0].texts[299])
