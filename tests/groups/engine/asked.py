"""Rules of every kind, asked of a chronicle's people."""

from typing import Any
from uuid import UUID

from groups.evaluation.ports import Scope
from tests.groups.engine.chronicle import PARISHES, STREETS
from tests.groups.engine.hamlet import Hamlet

Rule = dict[str, Any]


def call(operator: str, *arguments: object) -> Rule:
    """Write an expression."""
    return {"op": operator, "args": list(arguments)}


def named(attribute: str) -> Rule:
    """Name an attribute or a relation."""
    return {"property": attribute}


def today(duration: str) -> Rule:
    """Name a day relative to this one."""
    return call("today", duration)


def equals(attribute: str, value: object) -> Rule:
    """Ask for one value."""
    return call("=", named(attribute), value)


WEST, SOUTH, EAST, NORTH = 24.301, 56.9355, 24.303, 56.9375
CENTRE = {
    "type": "Polygon",
    "coordinates": [
        [[WEST, SOUTH], [EAST, SOUTH], [EAST, NORTH], [WEST, NORTH], [WEST, SOUTH]],
    ],
}
CHILDREN, MINOR = named("children"), call("<", named("age"), 18)
SMALL = call("between", named("age_months"), 6, 83)
IN_SCHOOL = call("any", named("institutions"), equals("name", "Ulbrokas vidusskola"))
IN_PRESCHOOL = call("any", named("institutions"), equals("kind", "preschool"))
FAR_STAY = call(
    "and", equals("parish", PARISHES[2]), call(">=", named("until"), {"date": "2020-01-01"})
)
RULES: tuple[tuple[Rule, Scope], ...] = (
    (MINOR, Scope.DECLARED),
    (call("or", call(">=", named("age"), 65), call("isNull", named("birth_date"))), Scope.DECLARED),
    (call("any", CHILDREN, SMALL), Scope.DECLARED),
    (call("not", call("any", CHILDREN, SMALL)), Scope.LINKED),
    (call(">=", call("count", CHILDREN), 2), Scope.DECLARED),
    (call("between", call("count", named("household"), MINOR), 1, 2), Scope.DECLARED),
    (call("not", call("any", named("household"), SMALL)), Scope.DECLARED),
    (call("any", named("properties"), equals("parish", PARISHES[0])), Scope.LINKED),
    (call("s_intersects", named("location"), CENTRE), Scope.DECLARED),
    (
        call(
            "and",
            call("=", call("casei", named("street")), call("casei", STREETS[0].upper())),
            call("<=", named("house_number"), 12),
        ),
        Scope.DECLARED,
    ),
    (call("a_overlaps", named("interests"), ["sport", "roads"]), Scope.DECLARED),
    (call("any", named("former_addresses"), FAR_STAY), Scope.DECLARED),
    (call("any", CHILDREN, call("or", IN_SCHOOL, IN_PRESCHOOL)), Scope.LINKED),
    (
        call(
            "and",
            call("any", named("vehicles"), call("<>", named("fuel"), "petrol")),
            call("not", call("any", named("pets"), equals("species", "dog"))),
        ),
        Scope.DECLARED,
    ),
    (call("a_contains", named("channels"), ["sms"]), Scope.DECLARED),
    (call("or", equals("sex", "female"), call("not", equals("language", "lv"))), Scope.LINKED),
)


async def ask_all(hamlet: Hamlet) -> list[UUID]:
    """Define a group of every rule, and groups of people who are in others or not."""
    groups = [await hamlet.group(rule, scope) for rule, scope in RULES]
    minors, _, parents, *_ = (call("in_group", str(each)) for each in groups)
    here = equals("parish", PARISHES[1])
    groups.append(await hamlet.group(call("and", call("or", minors, parents), here)))
    nested = call("in_group", str(groups[-1]))
    groups.append(await hamlet.group(call("and", call("not", nested), call("not", minors))))
    return groups
