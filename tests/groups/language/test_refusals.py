"""What is not of the profile is refused, with the spot and a stable code."""

from typing import Any

import pytest

from backend.kernel.errors import Kind
from groups.language.decode import decode
from groups.language.errors import FAULT_TITLES, FaultCode, RuleInvalid

AGE = {"property": "age"}
SEX = {"property": "sex"}
BORN = {"property": "birth_date"}
CHILDREN = {"property": "children"}
ADULT = {"op": ">=", "args": [AGE, 18]}

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


def faults(rule: Rule) -> list[tuple[str, str]]:
    """Decode, and list the spots and codes of the refusal."""
    with pytest.raises(RuleInvalid) as refusal:
        decode(rule)
    return [(fault.pointer, str(fault.code)) for fault in refusal.value.faults]


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
        # limits
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
        call("=", {"property": "parish"}, "ņ" * 7_900),
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


def test_every_fault_has_a_title_in_both_languages() -> None:
    assert set(FAULT_TITLES) == set(FaultCode)
    assert all(title.lv and title.en for title in FAULT_TITLES.values())
