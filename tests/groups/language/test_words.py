"""A rule in words."""

from typing import Any
from uuid import UUID

import pytest

from backend.kernel.errors import Text
from groups.language import tree
from groups.language.decode import decode
from groups.language.render import clause_text, render

AGE = {"property": "age"}
CHILDREN = {"property": "children"}
PARISH = {"property": "parish"}


STREET = {"property": "street"}
BORN = {"property": "birth_date"}
GROUP = "0198a0a0-0000-7000-8000-000000000001"
CHILDREN_1_2 = "children, number: 1 or 2"
TRIANGLE = {"type": "Polygon", "coordinates": [[[24, 56], [24.1, 56], [24.1, 56.1], [24, 56]]]}


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
        (
            call(">=", call("count", CHILDREN, call("<", AGE, 18)), 3),
            "bērni < 18 gadi, skaits ≥ 3",
            "children < 18 years, number ≥ 3",
        ),
        (
            call("=", call("count", CHILDREN, PUPILS), 2),
            "bērni (iestādes (iestādes veids: skola)), skaits: 2",
            "children (institutions (institution kind: school)), number: 2",
        ),
        (call("in", call("count", CHILDREN), [1, 2]), "bērni, skaits: 1 vai 2", CHILDREN_1_2),
        (
            call("any", CHILDREN, call("=", call("age_in_year", BORN), 7)),
            "bērni (vecums šajā gadā: 7 gadi)",
            "children (age this year: 7 years)",
        ),
        (
            call(">=", call("age_in_year", {"property": "declared_since"}), 10),
            "pilni gadi šajā gadā (deklarēts kopš) ≥ 10 gadi",
            "years completed this year (declared since) ≥ 10 years",
        ),
        (call("<", BORN, call("today")), "dzimšanas datums < šodien", "date of birth < today"),
        (
            call(">", {"property": "declared_since"}, call("today", "-P90D")),
            "deklarēts kopš > 90 dienas pirms šodienas",
            "declared since > 90 days before today",
        ),
        (
            call("<=", BORN, call("today", "P1Y2M21D")),
            "dzimšanas datums ≤ 1 gadu, 2 mēnešus un 21 dienu pēc šodienas",
            "date of birth ≤ 1 year, 2 months and 21 days after today",
        ),
        (call("like", STREET, "Brīv%"), "iela atbilst „Brīv%”", "street matches “Brīv%”"),
        (
            call("=", call("casei", STREET), call("casei", "brīvības iela")),
            "iela: „brīvības iela” (arī citiem burtu lielumiem)",
            "street: “brīvības iela” (in any case)",
        ),
        (
            call("a_contains", {"property": "interests"}, ["sport", "roads"]),
            "intereses: „sport” un „roads”",
            "interests: “sport” and “roads”",
        ),
        (
            call("a_overlaps", {"property": "channels"}, ["push", "sms"]),
            "sasniedzams: lietotnē vai īsziņā",
            "reachable by: app or SMS",
        ),
        (
            call("s_intersects", {"property": "location"}, TRIANGLE),
            "atrašanās vieta: kartes apgabals (3 punkti)",
            "location: map area (3 points)",
        ),
        (call("in_group", GROUP), f"pieder grupai {GROUP}", f"belongs to the group {GROUP}"),
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


def test_a_group_that_is_referred_to_is_named_where_its_name_is_given() -> None:
    rule = decode(call("or", call("in_group", GROUP), HERE))
    text = render(rule, {UUID(GROUP): Text(lv="Jaunās „ģimenes”", en="New families")})
    assert text.lv == "pieder grupai „Jaunās 'ģimenes'” VAI pagasts: „Stopiņu pagasts”"
    assert text.en == "belongs to the group “New families” OR parish: “Stopiņu pagasts”"


def test_one_clause_is_said_by_itself() -> None:
    rule = decode(call("any", CHILDREN, call("between", AGE, 3, 6)))
    assert isinstance(rule, tree.Any)
    assert rule.filter is not None
    assert clause_text(rule.filter) == Text(lv="vecums 3–6 gadi", en="age 3–6 years")
