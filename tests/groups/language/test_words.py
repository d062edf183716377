"""A rule in words."""

from typing import Any

import pytest

from groups.language.decode import decode
from groups.language.render import render

AGE = {"property": "age"}
CHILDREN = {"property": "children"}
PARISH = {"property": "parish"}


def call(operator: str, *arguments: object) -> dict[str, Any]:
    """Write an expression."""
    return {"op": operator, "args": list(arguments)}


SMALL = call("any", CHILDREN, call("between", AGE, 3, 6))
HERE = call("=", PARISH, "Stopiņu pagasts")
PUPILS = call("any", {"property": "institutions"}, call("=", {"property": "kind"}, "school"))


@pytest.mark.parametrize(
    ("rule", "lv", "en"),
    [
        (
            call("and", SMALL, HERE),
            "bērni 3–6 gadi UN pagasts: „Stopiņu pagasts”",
            "children 3–6 years AND parish: “Stopiņu pagasts”",
        ),
        (
            call("or", call("and", SMALL, HERE), call("not", HERE)),
            "(bērni 3–6 gadi UN pagasts: „Stopiņu pagasts”) VAI NE (pagasts: „Stopiņu pagasts”)",
            "(children 3–6 years AND parish: “Stopiņu pagasts”) OR NOT (parish: “Stopiņu pagasts”)",
        ),
        (
            call("any", CHILDREN, call("and", call("<", AGE, 7), PUPILS)),
            "bērni (< 7 gadi UN iestādes (iestādes veids: skola))",
            "children (< 7 years AND institutions (institution kind: school))",
        ),
        (call("any", CHILDREN, call("=", AGE, 3)), "bērni 3 gadi", "children 3 years"),
        (call("any", CHILDREN), "ir bērni", "has children"),
        (call(">=", AGE, 65), "vecums ≥ 65 gadi", "age ≥ 65 years"),
        (call("between", AGE, 18, 30), "vecums 18–30 gadi", "age 18–30 years"),
        (call("in", AGE, [7, 16]), "vecums: 7 vai 16 gadi", "age: 7 or 16 years"),
        (
            call("in", PARISH, ["A", "B", "C"]),
            "pagasts: „A”, „B” vai „C”",
            "parish: “A”, “B” or “C”",
        ),
        (call("<>", {"property": "sex"}, "male"), "dzimums nav vīrietis", "sex is not male"),
        (call("isNull", PARISH), "pagasts: nav ziņu", "parish: not known"),
        (
            call(">", {"property": "birth_date"}, {"date": "2020-02-29"}),
            "dzimšanas datums > 2020-02-29",
            "date of birth > 2020-02-29",
        ),
    ],
)
def test_a_rule_reads_as_people_would_say_it(rule: dict[str, Any], lv: str, en: str) -> None:
    text = render(decode(rule))
    assert (text.lv, text.en) == (lv, en)


def test_a_value_cannot_pose_as_a_part_of_the_rule() -> None:
    posing = call("=", PARISH, "A” UN vecums ≥ 18 gadi UN pagasts: „B")
    plain = call("and", call("=", PARISH, "A"), call(">=", AGE, 18), call("=", PARISH, "B"))
    assert render(decode(posing)).lv != render(decode(plain)).lv
    assert render(decode(posing)).lv == "pagasts: „A' UN vecums ≥ 18 gadi UN pagasts: 'B”"
