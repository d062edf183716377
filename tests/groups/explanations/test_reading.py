"""A rule read over what the tables say of a person: as the standard reads it, until it turns."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from groups.explanations.calendar import last_day
from groups.explanations.clauses import Clause, explain
from groups.explanations.reading import Known, Reading
from groups.language.decode import decode
from groups.language.tree import And, Any, Not, Or
from tests.groups.evaluation.oracle import Asked, Rule, fits
from tests.groups.evaluation.world import DAYS, Person
from tests.groups.language.drawn_rules import rules

CLUB = UUID(int=7)
RULES = rules(levels=4, groups=[str(CLUB)])
UNBORN: Rule = {
    "op": "<",
    "args": [{"op": "age_in_year", "args": [{"property": "birth_date"}]}, 0],
}
"""Unknown until the year of birth, and false from then on."""
drawn = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


@drawn
@given(rule=RULES, as_of=st.sampled_from(DAYS))
async def test_every_person_is_read_as_the_standard_says_unknown_where_data_is_missing(
    rule: Rule, as_of: date, people: list[Person], known: Mapping[UUID, Known]
) -> None:
    members = {person.slot for person in people[::2]}
    tree, asked = decode(rule), Asked(as_of, {str(CLUB): members})
    for person in people:
        if person.closed:
            assert person.id not in known
            continue
        reading = Reading(as_of, frozenset({CLUB} if person.slot in members else ()))
        assert reading.truth(tree, known[person.id]) == fits(rule, person, asked)


@drawn
@example(rule=UNBORN, as_of=DAYS[0], chosen=99)
@given(rule=RULES, as_of=st.sampled_from(DAYS), chosen=st.integers(0, 10_000))
async def test_an_answer_stays_as_it_is_until_the_day_told_and_turns_on_the_next(
    rule: Rule, as_of: date, chosen: int, known: Mapping[UUID, Known]
) -> None:
    person = known[sorted(known)[chosen % len(known)]]
    tree, now = decode(rule), Reading(as_of)
    present, until = now.truth(tree, person), last_day(tree, person, now)
    following = 800 if until is None else min((until - as_of).days, 800)
    days = [as_of + timedelta(days=number) for number in range(0, following + 1, 7)]
    days += [until] if until is not None else []
    assert {Reading(day).truth(tree, person) for day in days} == {present}
    if until is not None:
        assert Reading(until + timedelta(days=1)).truth(tree, person) != present


@drawn
@given(rule=RULES, as_of=st.sampled_from(DAYS))
async def test_of_a_rule_that_holds_only_the_clauses_that_made_it_hold_are_told(
    rule: Rule, as_of: date, known: Mapping[UUID, Known]
) -> None:
    tree, reading = decode(rule), Reading(as_of)
    for person in known.values():
        if reading.truth(tree, person):
            check(explain(tree, person, reading), wanted=True)


def check(clause: Clause, *, wanted: bool) -> None:
    """Look that every clause told came out as it had to for the whole."""
    assert clause.result is wanted
    match clause.node:
        case And() | Or():
            assert clause.parts
        case Not():
            [part] = clause.parts
            assert part.result is not wanted
            return
        case Any():
            assert not clause.parts or wanted
        case _:
            assert not clause.parts
    for part in clause.parts:
        check(part, wanted=wanted)


def test_no_pattern_makes_a_text_slow_to_read() -> None:
    street = {"op": "like", "args": [{"property": "street"}, "%a" * 60 + "%b"]}
    lane = Known({"street": "a" * 200})
    assert Reading(date(2026, 11, 20)).truth(decode(street), lane) is False


def told_of(relation: str, other: Known, asked: Rule) -> Clause:
    """Explain to a resident a rule on somebody related to them, and give what is told of that one."""
    reader = Known({"birth_date": date(1980, 1, 1)}, {relation: [other]}, UUID(int=1))
    rule = decode({"op": "any", "args": [{"property": relation}, asked]})
    [told] = explain(rule, reader, Reading(date(2026, 11, 20))).parts
    return told


def born(year: int) -> Known:
    return Known({"birth_date": date(year, 1, 1), "social_statuses": frozenset({"x"})}, {}, CLUB)


AGED: Rule = {"op": "<=", "args": [{"property": "age"}, 80]}


def test_what_the_register_says_of_a_minor_child_is_told_to_the_parent() -> None:
    told = told_of("children", born(2020), AGED)
    assert (told.about, told.value, told.until) == (CLUB, 6, date(2100, 12, 31))


def test_of_a_grown_child_neither_name_nor_value_is_told() -> None:
    told = told_of("children", born(2000), AGED)
    assert (told.about, told.value, told.until, told.result) == (None, None, None, True)


def test_of_others_in_the_household_no_value_is_told_but_of_oneself() -> None:
    told = told_of("household", born(1950), AGED)
    assert (told.about, told.value, told.until) == (None, None, None)
    oneself = Known({"birth_date": date(1980, 1, 1)}, {}, UUID(int=1))
    assert told_of("household", oneself, AGED).value == 46
