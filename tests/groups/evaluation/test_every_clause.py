"""Every attribute with every operator it allows, plain, negated, and through every relation."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from backend.kernel.db import Database
from groups.evaluation.ports import Evaluator, Question
from groups.language.attributes import RESIDENT
from groups.language.decode import decode
from groups.language.things import Attribute, Operator, Thing, ValueType
from tests.groups.evaluation.conftest import HERE, People
from tests.groups.evaluation.oracle import Asked, Rule, found
from tests.groups.evaluation.shapes import diamond, polygon
from tests.groups.language.drawn_rules import WORDS, call

AS_OF = date(2024, 2, 29)
DAY = {"date": "2020-02-29"}
AREA = polygon(diamond(50_000), diamond(4_000))


def written(thing: Thing) -> Iterator[Rule]:
    """List the clauses about a thing."""
    for attribute in thing.attributes:
        for operator in sorted(attribute.operators):
            yield clause(attribute, operator)
        if Operator.LIKE in attribute.operators:
            folded = call("casei", {"property": attribute.name})
            for pattern in (
                "%A%",
                "%L_",
                "%\\%%",
                "Щорса",
                "ķie%ĻU%",
                WORDS[attribute.name][0].upper(),
            ):
                yield call("like", folded, call("casei", pattern))
        if attribute.type is ValueType.DATE:
            yield call("<=", call("age_in_year", {"property": attribute.name}), 4)
            yield call(">=", {"property": attribute.name}, call("today", "-P18Y"))


def clause(attribute: Attribute, operator: Operator) -> Rule:
    """Write a clause with values that some people have and some have not."""
    values: list[Any] = [DAY] if attribute.type is ValueType.DATE else [2, 18]
    if attribute.type in {ValueType.STRING, ValueType.TAGS}:
        values = [*(choice.value for choice in attribute.choices)] or [*WORDS[attribute.name]]
    reference = {"property": attribute.name}
    arguments: dict[Operator, list[Any]] = {
        Operator.IS_NULL: [reference],
        Operator.BETWEEN: [reference, *values[:2]],
        Operator.LIKE: [reference, "%a_%"],
        Operator.INTERSECTS: [reference, AREA],
        Operator.IN: [reference, values[:2]],
        Operator.CONTAINS: [reference, values[:2]],
        Operator.OVERLAPS: [reference, values[:2]],
    }
    return call(operator.value, *arguments.get(operator, [reference, values[0]]))


def about(thing: Thing) -> Iterator[Rule]:
    """List the clauses about a thing, plain and negated, and the same through its relations."""
    for rule in written(thing):
        yield rule
        yield call("not", rule)
    for relation in thing.relations:
        reference = {"property": relation.name}
        passing = [[], *([rule] for rule in (*written(relation.target), *beyond(relation.target)))]
        for place, filters in enumerate(passing):
            there, counted = call("any", reference, *filters), call("count", reference, *filters)
            yield from (
                (call("not", there), call("<", counted, 2))
                if place % 2
                else (there, call("not", call("between", counted, 0, 1)))
            )


def beyond(thing: Thing) -> Iterator[Rule]:
    """List rules about what is related to a related thing."""
    for relation in thing.relations:
        for rule in written(relation.target):
            yield call("not", call("any", {"property": relation.name}, rule))
            yield call(">=", call("count", {"property": relation.name}, rule), 1)


@pytest.mark.parametrize("people", [3], indirect=True, ids=["seed 3"])
async def test_every_clause_finds_the_same_residents_as_reading_their_facts(
    database: Database, evaluator: Evaluator, people: People
) -> None:
    rules = list(about(RESIDENT))
    wrong: list[Rule] = []
    async with database.read([HERE]) as session:
        for rule in rules:
            question = Question((HERE,), decode(rule), AS_OF)
            members = await evaluator.members(session, question)
            if set(members.slots) != found(rule, people[HERE], Asked(AS_OF)):
                wrong.append(rule)
    assert len(rules) > 400
    assert wrong == []
