"""Clauses on whole numbers as spans."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from groups.evaluation.spans import Span, spans
from groups.language.decode import decode
from groups.language.tree import Between, Comparison, In
from tests.groups.evaluation.oracle import clause

AGES = st.integers(0, 30)
AGE = {"property": "age"}


def written(operator: str, *arguments: object) -> dict[str, Any]:
    """Write a clause on the age."""
    return {"op": operator, "args": [AGE, *arguments]}


CLAUSES = st.one_of(
    st.builds(written, st.sampled_from(["=", "<>", "<", "<=", ">", ">="]), AGES),
    st.builds(lambda ages: written("between", *sorted(ages)), st.tuples(AGES, AGES)),
    st.builds(written, st.just("in"), st.lists(AGES, min_size=1, max_size=6)),
)


@given(rule=CLAUSES, holds=st.booleans())
def test_spans_hold_exactly_the_numbers_that_answer_the_clause_so(
    rule: dict[str, Any], *, holds: bool
) -> None:
    tree = decode(rule)
    assert isinstance(tree, Comparison | Between | In)
    found = spans(tree, holds=holds)
    for age in range(40):
        inside = [
            each for each in found if each.first <= age and (each.last is None or age <= each.last)
        ]
        assert len(inside) == (clause(rule, age) is holds)


def test_neighbouring_values_become_one_span() -> None:
    tree = decode(written("in", [6, 3, 4, 5, 9]))
    assert isinstance(tree, In)
    assert spans(tree, holds=True) == (Span(3, 6), Span(9, 9))
