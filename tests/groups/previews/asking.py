"""Asking for previews over HTTP."""

from typing import Any

from httpx import Response

from tests.drivers.people import Caller

Json = dict[str, Any]


def parish(name: str = "Stopiņu pagasts") -> Json:
    """Write the rule of everybody declared in a parish."""
    return {"op": "=", "args": [{"property": "parish"}, name]}


def at_least(age: int) -> Json:
    """Write the rule of everybody of an age."""
    return {"op": ">=", "args": [{"property": "age"}, age]}


def female() -> Json:
    """Write the rule of all women."""
    return {"op": "=", "args": [{"property": "sex"}, "female"]}


def both(*rules: Json) -> Json:
    """Write that all rules hold."""
    return {"op": "and", "args": list(rules)}


def either(*rules: Json) -> Json:
    """Write that one of the rules holds."""
    return {"op": "or", "args": list(rules)}


def negated(rule: Json) -> Json:
    """Write that a rule does not hold."""
    return {"op": "not", "args": [rule]}


async def asked(caller: Caller, rule: Json, **more: object) -> Response:
    """Ask for a preview."""
    return await caller.post("/groups/preview", {"rule": rule, "purpose": "information", **more})


async def preview(caller: Caller, rule: Json, **more: object) -> Json:
    """Ask for a preview that is answered."""
    answer = await asked(caller, rule, **more)
    assert answer.status_code == 200, answer.text
    shown: Json = answer.json()
    return shown


def size(shown: Json) -> int | str:
    """Name how a number is shown: itself, or why not."""
    if shown["count"] is not None:
        assert (shown["fewerThan"], shown["withheld"]) == (None, False)
        number: int = shown["count"]
        return number
    return "withheld" if shown["withheld"] else f"fewer than {shown['fewerThan']}"
