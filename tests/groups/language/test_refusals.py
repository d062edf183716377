"""What is not of the profile is refused, with the spot and a stable code."""

import json
from typing import Any

import pytest

from backend.kernel.errors import Kind
from groups.language import areas
from groups.language.attributes import TAG_PATTERN
from groups.language.decode import decode
from groups.language.errors import FAULT_TITLES, FaultCode, RuleInvalid
from groups.language.things import Purpose
from groups.registry import rules as registry_rules

AGE = {"property": "age"}
SEX = {"property": "sex"}
BORN = {"property": "birth_date"}
CHILDREN = {"property": "children"}
PARISH = {"property": "parish"}
STREET = {"property": "street"}
INTERESTS = {"property": "interests"}
PLACE = {"property": "location"}
ADULT = {"op": ">=", "args": [AGE, 18]}

GROUP = "0198a0a0-0000-7000-8000-000000000001"
POSITION = "/args/1/coordinates/0/0"

Rule = Any


def call(operator: str, *arguments: object) -> Rule:
    """Write an expression."""
    return {"op": operator, "args": list(arguments)}


def nested(levels: int) -> Rule:
    """Write a rule of so many levels."""
    rule: Rule = ADULT
    for _ in range(levels - 1):
        rule = call("not", rule)
    return rule


def counted(levels: int) -> Rule:
    """Write a rule of so many levels whose last is the filter of a count."""
    inner = call(">=", call("count", CHILDREN, ADULT), 1)
    for _ in range(levels - 2):
        inner = call("not", inner)
    return inner


def within(*rings: object, kind: str = "Polygon") -> Rule:
    """Write a clause on an area."""
    return call("s_intersects", PLACE, {"type": kind, "coordinates": list(rings)})


def ring(corners: int) -> list[list[float]]:
    """Write a closed ring of so many corners, on a bow and its chord."""
    bow = [[24 + index / 10_000, 56 + index * index / 10_000_000] for index in range(corners)]
    return [*bow, bow[0]]


def sized(size: int) -> Rule:
    """Write a rule of so many bytes."""
    empty = json.dumps(call("=", PARISH, ""), ensure_ascii=False, separators=(",", ":"))
    return call("=", PARISH, "a" * (size - len(empty)))


def faults(rule: Rule, purpose: Purpose | None = None) -> list[tuple[str, str]]:
    """Decode, and list the spots and codes of the refusal."""
    with pytest.raises(RuleInvalid) as refusal:
        decode(rule, purpose=purpose)
    return [(fault.pointer, str(fault.code)) for fault in refusal.value.faults]


LOW_INCOME = call("a_overlaps", {"property": "social_statuses"}, ["low_income"])


@pytest.mark.parametrize(
    ("rule", "pointer", "code"),
    [
        # form
        (None, "", "expression_expected"),
        (True, "", "expression_expected"),
        ("age >= 18", "", "expression_expected"),
        ([ADULT], "", "expression_expected"),
        ({}, "", "expression_expected"),
        ({"op": "not"}, "", "expression_expected"),
        ({"op": "not", "args": ADULT}, "", "expression_expected"),
        ({"op": 1, "args": []}, "", "expression_expected"),
        ({**ADULT, "a/b~c": 1}, "/a~1b~0c", "unexpected_member"),
        (call("ilike", SEX, "f%"), "/op", "unknown_operator"),
        (call("AND", ADULT, ADULT), "/op", "unknown_operator"),
        (call("__class__", ADULT), "/op", "unknown_operator"),
        # arguments
        (call("and", ADULT), "/args", "wrong_argument_count"),
        (call("or"), "/args", "wrong_argument_count"),
        (call("not", ADULT, ADULT), "/args", "wrong_argument_count"),
        (call("=", AGE), "/args", "wrong_argument_count"),
        (call("between", AGE, 1), "/args", "wrong_argument_count"),
        (call("isNull", AGE, None), "/args", "wrong_argument_count"),
        (call("any"), "/args", "wrong_argument_count"),
        (call("any", CHILDREN, ADULT, ADULT), "/args", "wrong_argument_count"),
        ({"op": "not", "args": [True]}, "/args/0", "expression_expected"),
        (call("and", ADULT, 1), "/args/1", "expression_expected"),
        # attributes and relations
        (call("=", "age", 3), "/args/0", "property_expected"),
        (call("=", 3, AGE), "/args/0", "property_expected"),
        (call("=", {"property": ["age"]}, 3), "/args/0", "property_expected"),
        (call("=", {"property": "age", "x": 1}, 3), "/args/0/x", "unexpected_member"),
        (call("=", {"property": "shoe_size"}, 43), "/args/0/property", "unknown_property"),
        (call("=", {"property": "resident_id"}, "x"), "/args/0/property", "unknown_property"),
        (call("=", CHILDREN, 3), "/args/0/property", "unknown_property"),
        (call("any", AGE), "/args/0/property", "unknown_relation"),
        (call("any", {"property": "friends"}), "/args/0/property", "unknown_relation"),
        (
            call("any", CHILDREN, call("=", {"property": "species"}, "dog")),
            "/args/1/args/0/property",
            "unknown_property",
        ),
        (
            call("any", CHILDREN, call("any", CHILDREN)),
            "/args/1/args/0/property",
            "unknown_relation",
        ),
        # operators
        (call("<", SEX, "male"), "/op", "operator_not_allowed"),
        (call("between", {"property": "parish"}, "A", "B"), "/op", "operator_not_allowed"),
        (call("in", BORN, [{"date": "2020-01-01"}]), "/op", "operator_not_allowed"),
        # values
        (call("=", AGE, "3"), "/args/1", "wrong_type"),
        (call("=", AGE, 3.0), "/args/1", "wrong_type"),
        ({"op": "=", "args": [AGE, True]}, "/args/1", "wrong_type"),
        (call("=", AGE, None), "/args/1", "wrong_type"),
        (call("=", AGE, AGE), "/args/1", "wrong_type"),
        (call("=", AGE, float("nan")), "/args/1", "wrong_type"),
        (call("=", SEX, 1), "/args/1", "wrong_type"),
        (call("=", BORN, "2020-01-01"), "/args/1", "wrong_type"),
        (call("=", BORN, {"date": "2020-01-01", "x": 1}), "/args/1", "wrong_type"),
        (call("=", BORN, {"date": "2023-02-29"}), "/args/1/date", "wrong_type"),
        (call("=", BORN, {"date": "20200101"}), "/args/1/date", "wrong_type"),
        (call("=", BORN, {"date": 2020}), "/args/1/date", "wrong_type"),
        (call("=", AGE, -1), "/args/1", "out_of_range"),
        (call("=", AGE, 151), "/args/1", "out_of_range"),
        (call("=", AGE, 10**30), "/args/1", "out_of_range"),
        (call("between", AGE, 6, 3), "/args/2", "empty_range"),
        (call("between", AGE, 3, "6"), "/args/2", "wrong_type"),
        (call("=", SEX, "Female"), "/args/1", "unknown_value"),
        (call("=", {"property": "language"}, "LV"), "/args/1", "wrong_form"),
        (call("=", {"property": "citizenship"}, "Latvia"), "/args/1", "wrong_form"),
        (call("=", {"property": "postcode"}, "2130"), "/args/1", "wrong_form"),
        (call("=", {"property": "parish"}, ""), "/args/1", "unsupported_text"),
        (call("=", {"property": "parish"}, "A\x00B"), "/args/1", "unsupported_text"),
        (call("=", {"property": "parish"}, "\ud800"), "/args/1", "unsupported_text"),
        (call("in", AGE, 3), "/args/1", "wrong_type"),
        (call("in", AGE, []), "/args/1", "wrong_argument_count"),
        (call("in", AGE, [3, "4"]), "/args/1/1", "wrong_type"),
        # patterns and folded texts
        (call("like", SEX, "f%"), "/op", "operator_not_allowed"),
        (call("like", STREET, 1), "/args/1", "wrong_type"),
        (call("like", STREET, "50\\"), "/args/1", "wrong_form"),
        (call("like", STREET, "50\\\\\\"), "/args/1", "wrong_form"),
        (call("casei", STREET), "/op", "unknown_operator"),
        (call("like", call("casei", STREET), "a%"), "/args/1", "wrong_type"),
        (call("=", STREET, call("casei", "A")), "/args/1", "wrong_type"),
        (call("=", call("casei", STREET), call("casei")), "/args/1/args", "wrong_argument_count"),
        (call("=", call("casei", STREET), call("casei", 1)), "/args/1/args/0", "wrong_type"),
        (
            call("=", call("casei", SEX), call("casei", "MALE")),
            "/args/0/op",
            "operator_not_allowed",
        ),
        (call("=", call("casei"), call("casei", "A")), "/args/0/args", "wrong_argument_count"),
        (call("in", call("casei", STREET), [call("casei", "A"), "B"]), "/args/1/1", "wrong_type"),
        (call("isNull", call("casei", STREET)), "/args/0", "property_expected"),
        # tags
        (call("a_contains", INTERESTS, "sport"), "/args/1", "wrong_type"),
        (call("a_contains", INTERESTS, []), "/args/1", "wrong_argument_count"),
        (call("a_overlaps", INTERESTS, ["sport", "Sport!"]), "/args/1/1", "wrong_form"),
        (call("a_overlaps", {"property": "channels"}, ["fax"]), "/args/1/0", "unknown_value"),
        (call("a_contains", AGE, [3]), "/op", "operator_not_allowed"),
        (call("=", INTERESTS, "sport"), "/op", "operator_not_allowed"),
        (call("a_overlaps", INTERESTS, ["a"] * 501), "/args/1", "too_many_values"),
        # days
        (call("<", BORN, call("today", "90 days")), "/args/1/args/0", "wrong_form"),
        (call("<", BORN, call("today", "P")), "/args/1/args/0", "wrong_form"),
        (call("<", BORN, call("today", "P1D2Y")), "/args/1/args/0", "wrong_form"),
        (call("<", BORN, call("today", "PT1H")), "/args/1/args/0", "wrong_form"),
        (call("<", BORN, call("today", 90)), "/args/1/args/0", "wrong_form"),
        (call("<", BORN, call("today", "P201Y")), "/args/1/args/0", "out_of_range"),
        (call("<", BORN, call("today", "-P200Y1D")), "/args/1/args/0", "out_of_range"),
        (call("<", BORN, call("today", "P1D", "P1D")), "/args/1/args", "wrong_argument_count"),
        (call("<", BORN, {"op": "today", "args": [], "x": 1}), "/args/1/x", "unexpected_member"),
        (call("<", AGE, call("today")), "/args/1", "wrong_type"),
        # functions
        (call("=", call("age_in_year", AGE), 7), "/args/0/op", "operator_not_allowed"),
        (call("=", call("age_in_year", BORN), "7"), "/args/1", "wrong_type"),
        (call("=", call("age_in_year", BORN), 151), "/args/1", "out_of_range"),
        (call("=", call("age_in_year"), 7), "/args/0/args", "wrong_argument_count"),
        (call("isNull", call("age_in_year", BORN)), "/op", "operator_not_allowed"),
        (call("isNull", call("count", CHILDREN)), "/op", "operator_not_allowed"),
        (call("like", call("count", CHILDREN), "3"), "/op", "operator_not_allowed"),
        (call(">=", call("count", AGE), 3), "/args/0/args/0/property", "unknown_relation"),
        (call(">=", call("count", CHILDREN), -1), "/args/1", "out_of_range"),
        (call(">=", call("count", CHILDREN, 3), 1), "/args/0/args/1", "expression_expected"),
        (call("count", CHILDREN), "/op", "unknown_operator"),
        (call("=", call("today"), 3), "/args/0", "property_expected"),
        (call("=", {"property": "house_number"}, 10_000), "/args/1", "out_of_range"),
        # other groups
        (call("in_group"), "/args", "wrong_argument_count"),
        (call("in_group", 7), "/args/0", "wrong_type"),
        (call("in_group", "stopini"), "/args/0", "wrong_form"),
        (call("in_group", "{0198a0a0-0000-7000-8000-000000000001}"), "/args/0", "wrong_form"),
        (call("any", CHILDREN, call("in_group", GROUP)), "/args/1/op", "operator_not_allowed"),
        # areas
        (call("s_intersects", STREET, {"type": "Polygon"}), "/op", "operator_not_allowed"),
        (call("s_intersects", PLACE, [24, 56]), "/args/1", "area_expected"),
        (within(24, 56, kind="Point"), "/args/1", "area_expected"),
        (within(), "/args/1/coordinates", "area_expected"),
        (within([], kind="MultiPolygon"), "/args/1/coordinates/0", "area_expected"),
        (within("ring"), "/args/1/coordinates/0", "area_expected"),
        (within(ring(2)), "/args/1/coordinates/0", "ring_empty"),
        (within([[24, 56], [25, 57], [24, 56], [24, 56]]), "/args/1/coordinates/0", "ring_empty"),
        (within([*ring(3), [24.5, 56.5]]), "/args/1/coordinates/0", "ring_open"),
        (within([[24, 56, 0], *ring(3)[1:3], [24, 56, 0]]), POSITION, "wrong_type"),
        (within([[True, 56], *ring(3)[1:3], [True, 56]]), POSITION, "wrong_type"),
        (within([[56, 24], *ring(3)[1:3], [56, 24]]), POSITION, "out_of_range"),
        (
            within([[24, float("nan")], *ring(3)[1:], ring(3)[0]]),
            "/args/1/coordinates/0",
            "ring_open",
        ),
        (
            call("s_intersects", PLACE, {"type": "Polygon", "coordinates": [ring(3)], "bbox": []}),
            "/args/1/bbox",
            "unexpected_member",
        ),
        # limits
        (counted(13), "/args/0" * 12 + "/args/1", "too_deep"),
        (within(ring(2_001)), "/args/1/coordinates/0", "too_many_vertices"),
        (
            call("or", within(ring(1_000)), within(ring(500), ring(501))),
            "/args/1/args/1/coordinates/1",
            "too_many_vertices",
        ),
        (sized(16_001), "", "too_large"),
        (within(["a" * 130_000]), "", "too_large"),
        (call("any", CHILDREN, {"coordinates": "a" * 16_000}), "", "too_large"),
        (nested(13), "/args/0" * 12, "too_deep"),
        (nested(400), "/args/0" * 12, "too_deep"),
        (nested(50_000), "", "too_deep"),
        (call("or", *[ADULT] * 51), "/args", "too_many_operands"),
        (call("in", AGE, [3] * 501), "/args/1", "too_many_values"),
        (call("=", {"property": "parish"}, "ņ" * 8_000), "", "too_large"),
    ],
)
def test_a_rule_outside_the_profile_is_refused_at_its_spot(
    rule: Rule, pointer: str, code: str
) -> None:
    assert faults(rule) == [(pointer, code)]


@pytest.mark.parametrize(
    "rule",
    [
        nested(12),
        call("or", *[ADULT] * 50),
        call("in", AGE, [3] * 500),
        counted(12),
        sized(16_000),
        within(ring(2_000)),
        call("or", within(ring(1_000)), within(ring(500), ring(500))),
        call("a_contains", INTERESTS, ["a"] * 500),
        call("like", STREET, "50\\\\"),
        call("<", BORN, call("today", "-P200Y")),
        call("<", BORN, call("today", "P199Y12M")),
        call("=", call("age_in_year", BORN), 150),
        call("between", AGE, 3, 3),
        call("between", AGE, 0, 150),
    ],
)
def test_a_rule_at_a_limit_is_taken(rule: Rule) -> None:
    decode(rule)


def test_all_faults_of_a_rule_are_told_at_once() -> None:
    rule = call(
        "and",
        call("=", {"property": "shoe_size"}, 43),
        call("any", CHILDREN, call("or", call("=", AGE, "3"), call("in", AGE, [1, "2", 999]))),
        ADULT,
    )
    assert faults(rule) == [
        ("/args/0/args/0/property", "unknown_property"),
        ("/args/1/args/1/args/0/args/1", "wrong_type"),
        ("/args/1/args/1/args/1/args/1/1", "wrong_type"),
        ("/args/1/args/1/args/1/args/1/2", "out_of_range"),
    ]


def test_the_refusal_is_invalid_input_and_counts_pointers_from_the_callers_document() -> None:
    with pytest.raises(RuleInvalid) as refusal:
        decode(call("not", call("=", AGE, "3")), at="/rule")
    assert refusal.value.kind is Kind.INVALID
    assert refusal.value.code == "rule_invalid"
    [fault] = refusal.value.faults
    assert fault.pointer == "/rule/args/0/args/1"
    assert fault.detail == f"{FAULT_TITLES[FaultCode.WRONG_TYPE].en}: integer expected"


@pytest.mark.parametrize(
    ("rule", "purpose", "pointer"),
    [
        (LOW_INCOME, Purpose.INFORMATION, "/args/0/property"),
        (call("any", {"property": "pets"}), Purpose.EDUCATION, "/args/0/property"),
        (
            call(">", call("count", {"property": "vehicles"}), 1),
            Purpose.EDUCATION,
            "/args/0/args/0/property",
        ),
        (
            call("any", {"property": "household"}, call("not", LOW_INCOME)),
            Purpose.SAFETY,
            "/args/1/args/0/args/0/property",
        ),
    ],
)
def test_what_the_purpose_does_not_allow_is_refused_at_its_spot(
    rule: Rule, purpose: Purpose, pointer: str
) -> None:
    assert faults(rule, purpose) == [(pointer, "outside_purpose")]
    decode(rule)


def test_what_the_purpose_allows_is_taken() -> None:
    decode(LOW_INCOME, purpose=Purpose.SOCIAL_SUPPORT)
    decode(call("any", {"property": "pets"}), purpose=Purpose.SAFETY)


def test_a_fault_beside_the_purpose_is_told_too() -> None:
    rule = call("any", {"property": "pets"}, call("=", {"property": "species"}, "bear"))
    assert faults(rule, Purpose.EDUCATION) == [
        ("/args/0/property", "outside_purpose"),
        ("/args/1/args/0/property", "outside_purpose"),
        ("/args/1/args/1", "unknown_value"),
    ]


def test_all_faults_of_an_area_are_told_at_once() -> None:
    beyond = [[30, 56], *ring(3)[1:3], [30, 56]]
    assert faults(within([ring(2)], [ring(3), beyond], [], kind="MultiPolygon")) == [
        ("/args/1/coordinates/0/0", "ring_empty"),
        ("/args/1/coordinates/1/1/0", "out_of_range"),
        ("/args/1/coordinates/2", "area_expected"),
    ]


def test_a_rule_of_nothing_but_faults_is_refused_with_a_thousand_of_them() -> None:
    empty: list[list[object]] = [[]] * 2_000
    assert len(faults(within(*empty, kind="MultiPolygon"))) == 1_000


def test_every_fault_has_a_title_in_both_languages() -> None:
    assert set(FAULT_TITLES) == set(FaultCode)
    assert all(title.lv and title.en for title in FAULT_TITLES.values())


def test_the_bounds_of_areas_are_those_of_the_feed() -> None:
    assert (areas.SOUTH, areas.NORTH) == registry_rules.LATITUDES
    assert (areas.WEST, areas.EAST) == registry_rules.LONGITUDES


def test_tags_in_rules_are_written_as_the_feed_writes_them() -> None:
    assert registry_rules.TAG.pattern == TAG_PATTERN
