"""Clauses on whole numbers as spans, of numbers and of days."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups.evaluation.rules import relative_day
from groups.evaluation.spans import Numeric, Span, days, spans
from groups.language.decode import decode
from groups.language.tree import Between, Comparison, In, RelativeDay
from tests.groups.evaluation.oracle import clause
from tests.groups.evaluation.plain import age_in_year, months_lived

AGES = st.integers(0, 30)
AGE = {"property": "age"}
AGE_IN_YEAR = {"op": "age_in_year", "args": [{"property": "birth_date"}]}


def written(operator: str, *arguments: object) -> dict[str, Any]:
    """Write a clause on the age."""
    return {"op": operator, "args": [AGE, *arguments]}


CLAUSES = st.one_of(
    st.builds(written, st.sampled_from(["=", "<>", "<", "<=", ">", ">="]), AGES),
    st.builds(lambda ages: written("between", *sorted(ages)), st.tuples(AGES, AGES)),
    st.builds(written, st.just("in"), st.lists(AGES, min_size=1, max_size=6)),
)


def read(rule: dict[str, Any]) -> Numeric:
    """Read a clause on a number."""
    tree = decode(rule)
    assert isinstance(tree, Comparison | Between | In)
    return tree


def answer(rule: dict[str, Any], number: int) -> bool | None:
    """Answer the clause for a known number."""
    return clause(rule["op"], number, rule["args"][1:])


@given(rule=CLAUSES, holds=st.booleans())
def test_spans_hold_exactly_the_numbers_that_answer_the_clause_so(
    rule: dict[str, Any], *, holds: bool
) -> None:
    found = spans(read(rule), holds=holds)
    for age in range(40):
        assert sum(each.has(age, age) for each in found) == (answer(rule, age) is holds)


@given(rule=CLAUSES, holds=st.booleans(), least=AGES, more=st.integers(0, 8))
def test_one_span_has_all_numbers_between_two_exactly_if_each_answers_the_clause_so(
    rule: dict[str, Any], least: int, more: int, *, holds: bool
) -> None:
    found = spans(read(rule), holds=holds)
    numbers = range(least, least + more + 1)
    expected = all(answer(rule, number) is holds for number in numbers)
    assert any(each.has(least, least + more) for each in found) == expected


def test_neighbouring_values_become_one_span() -> None:
    assert spans(read(written("in", [6, 3, 4, 5, 9])), holds=True) == (Span(3, 6), Span(9, 9))


@given(
    rule=CLAUSES,
    holds=st.booleans(),
    within_year=st.booleans(),
    as_of=st.dates(date(2023, 1, 1), date(2032, 12, 31)),
    born=st.dates(date(1998, 1, 1), date(2033, 12, 31)),
)
def test_the_days_of_a_clause_are_those_since_which_the_age_answers_it_so(
    rule: dict[str, Any], as_of: date, born: date, *, holds: bool, within_year: bool
) -> None:
    months = months_lived(born, as_of)
    age = age_in_year(born, as_of) if within_year else None if months is None else months // 12
    rule = {**rule, "args": [AGE_IN_YEAR if within_year else AGE, *rule["args"][1:]]}
    found = [
        each
        for each in days(read(rule), as_of, holds=holds)
        if born <= each.until and (each.after is None or born > each.after)
    ]
    assert len(found) == (age is not None and answer(rule, age) is holds)


@pytest.mark.parametrize(
    ("as_of", "moved", "expected"),
    [
        (date(2024, 3, 31), RelativeDay(months=-1), date(2024, 2, 29)),
        (date(2023, 3, 31), RelativeDay(months=-1), date(2023, 2, 28)),
        (date(2024, 2, 29), RelativeDay(months=-12), date(2023, 2, 28)),
        (date(2024, 3, 1), RelativeDay(months=-1, days=-1), date(2024, 1, 31)),
        (date(2024, 12, 31), RelativeDay(months=2), date(2025, 2, 28)),
        (date(2024, 3, 30), RelativeDay(days=1), date(2024, 3, 31)),
        (date(150, 1, 1), RelativeDay(months=-2_400), date.min),
        (date(9_900, 1, 1), RelativeDay(months=2_400), date.max),
        (date(1, 1, 5), RelativeDay(days=-5), date.min),
        (date.max, RelativeDay(days=1), date.max),
    ],
)
def test_a_day_told_from_today_is_moved_by_months_to_the_months_last_and_then_by_days(
    as_of: date, moved: RelativeDay, expected: date
) -> None:
    assert relative_day(as_of, moved) == expected


def test_who_is_born_on_31_december_has_the_age_of_the_year_all_year() -> None:
    clause_of_7 = read({"op": "=", "args": [AGE_IN_YEAR, 7]})
    for number in range(366):
        [born] = days(clause_of_7, date(2024, 1, 1) + timedelta(days=number), holds=True)
        assert (born.after, born.until) == (date(2016, 12, 31), date(2017, 12, 31))
