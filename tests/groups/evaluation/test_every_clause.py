"""Every attribute with every operator it allows, plain, negated, and through every relation."""

from collections.abc import Iterator
from datetime import date

import pytest

from backend.kernel.db import Database
from groups.evaluation.sql import SqlEvaluator
from groups.language.attributes import RESIDENT
from groups.language.decode import decode
from groups.language.things import Attribute, Operator, Thing, ValueType
from tests.groups.evaluation.conftest import HERE
from tests.groups.evaluation.drawn import WORDS
from tests.groups.evaluation.oracle import Rule, fits
from tests.groups.evaluation.world import Person

AS_OF = date(2024, 2, 29)
DAY = {"date": "2020-02-29"}


def clause(attribute: Attribute, operator: Operator) -> Rule:
    """Write a clause with values that some people have and some have not."""
    values: list[object] = [DAY] if attribute.type is ValueType.DATE else [3, 18]
    if attribute.type is ValueType.STRING:
        values = [*(choice.value for choice in attribute.choices)] or [*WORDS[attribute.name]]
    reference = {"property": attribute.name}
    arguments = {
        Operator.IS_NULL: [reference],
        Operator.BETWEEN: [reference, *values[:2]],
        Operator.IN: [reference, values[:2]],
    }
    return {"op": operator.value, "args": arguments.get(operator, [reference, values[0]])}


def negated(rule: Rule) -> Rule:
    """Write that a rule does not hold."""
    return {"op": "not", "args": [rule]}


def about(thing: Thing) -> Iterator[Rule]:
    """List the clauses about a thing, plain and negated, and the same through its relations."""
    for attribute in thing.attributes:
        for operator in sorted(attribute.operators):
            yield clause(attribute, operator)
            yield negated(clause(attribute, operator))
    for relation in thing.relations:
        reference = {"property": relation.name}
        for filters in ([], *([rule] for rule in about(relation.target))):
            related = {"op": "any", "args": [reference, *filters]}
            yield related
            yield negated(related)


@pytest.mark.parametrize("people", [3], indirect=True, ids=["seed 3"])
async def test_every_clause_finds_the_same_residents_as_reading_their_facts(
    database: Database, people: list[Person]
) -> None:
    rules = list(about(RESIDENT))
    wrong: list[Rule] = []
    async with database.read([HERE]) as session:
        for rule in rules:
            members = await SqlEvaluator().members(session, HERE, decode(rule), AS_OF)
            fitting = {each.id for each in people if not each.closed and fits(rule, each, AS_OF)}
            if set(members) != fitting:
                wrong.append(rule)
    assert len(rules) > 400
    assert wrong == []
