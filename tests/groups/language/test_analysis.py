"""What a rule asks is told from its tree alone."""

from typing import Any
from uuid import UUID

import pytest

from backend.kernel.models import Sensitivity
from groups.language.analysis import (
    LookedUp,
    by_place_alone,
    follows_calendar,
    group_references,
    highest_sensitivity,
    looked_up,
)
from groups.language.decode import decode
from groups.language.folding import CAPITALS, SMALL, fold
from tests.groups.language.drawn_rules import call

ONE, OTHER = UUID(int=1), UUID(int=2)
HERE = call("=", {"property": "parish"}, "Stopiņu pagasts")
ADULT = call(">=", {"property": "age"}, 18)
SPORTY = call("a_overlaps", {"property": "interests"}, ["sport", "culture"])
POOR = call("a_contains", {"property": "social_statuses"}, ["low_income"])
KNOWN = call("isNull", {"property": "location"})
RECENT = call(">", {"property": "declared_since"}, call("today", "-P90D"))
BORN = {"property": "birth_date"}
Rule = dict[str, Any]


def children(inner: Rule) -> Rule:
    """Ask for a child that passes."""
    return call("any", {"property": "children"}, inner)


def test_the_groups_that_a_rule_refers_to_are_found_everywhere() -> None:
    rule = call("or", call("in_group", str(ONE)), call("not", call("in_group", str(OTHER))), HERE)
    assert group_references(decode(rule)) == {ONE, OTHER}
    assert group_references(decode(HERE)) == frozenset()


@pytest.mark.parametrize(
    ("rule", "follows"),
    [
        (HERE, False),
        (ADULT, True),
        (RECENT, True),
        (call(">", BORN, {"date": "2020-01-01"}), False),
        (call("=", call("age_in_year", BORN), 7), True),
        (call(">=", call("count", {"property": "children"}, ADULT), 2), True),
        (call(">=", call("count", {"property": "children"}), 2), False),
        (call("not", children(call("and", HERE, ADULT))), True),
        (call("in_group", str(ONE)), False),
    ],
)
def test_a_rule_follows_the_calendar_where_a_days_passing_can_change_it(
    rule: Rule, *, follows: bool
) -> None:
    assert follows_calendar(decode(rule)) is follows


@pytest.mark.parametrize(
    ("rule", "highest"),
    [
        (HERE, Sensitivity.PERSONAL),
        (call("or", HERE, children(POOR)), Sensitivity.SPECIAL),
        (call("in_group", str(ONE)), Sensitivity.PERSONAL),
    ],
)
def test_the_most_sensitive_part_gives_a_rule_its_class(rule: Rule, highest: Sensitivity) -> None:
    assert highest_sensitivity(decode(rule)) is highest


@pytest.mark.parametrize(
    ("rule", "alone"),
    [
        (call("and", HERE, call("not", KNOWN)), True),
        (call("and", HERE, ADULT), False),
        (RECENT, False),
        (children(HERE), False),
        (call("any", {"property": "former_addresses"}), False),
        (call("or", HERE, call("in_group", str(ONE))), False),
    ],
)
def test_a_rule_is_by_place_alone_if_it_asks_only_where_the_resident_lives(
    rule: Rule, *, alone: bool
) -> None:
    assert by_place_alone(decode(rule)) is alone


def test_looked_up_values_come_with_their_list_and_spot() -> None:
    street = {"property": "street"}
    folded = call("in", call("casei", street), [call("casei", "A"), call("casei", "B")])
    school = call("any", {"property": "institutions"}, call("<>", {"property": "name"}, "Saule"))
    patterns = call("like", street, "Brīv%")
    assert looked_up(decode(call("and", HERE, SPORTY, folded, school, ADULT, patterns))) == (
        LookedUp("parish", "Stopiņu pagasts", "/args/0/args/1"),
        LookedUp("interests", "sport", "/args/1/args/1/0"),
        LookedUp("interests", "culture", "/args/1/args/1/1"),
        LookedUp("street", "A", "/args/2/args/1/0", folded=True),
        LookedUp("street", "B", "/args/2/args/1/1", folded=True),
        LookedUp("institution_name", "Saule", "/args/3/args/1/args/1"),
    )


def test_folding_knows_the_letters_of_the_neighbours_and_touches_nothing_else() -> None:
    assert fold("BRĪVĪBAS gatve 12A, Łódź, ÕISMÄE, Київ Є") == (
        "brīvības gatve 12a, łódź, õismäe, київ є"
    )
    assert fold("123 ÑÇ §") == "123 ÑÇ §"


def test_every_capital_has_one_small_letter() -> None:
    assert len(CAPITALS) == len(SMALL) == len(set(CAPITALS))
    assert all(capital.lower() == small for capital, small in zip(CAPITALS, SMALL, strict=True))
