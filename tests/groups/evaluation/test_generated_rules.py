"""SQL against the plain reading: generated rules over generated people."""

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.kernel.db import Database
from groups.evaluation.sql import SqlEvaluator
from groups.language.attributes import RESIDENT
from groups.language.decode import decode
from groups.language.encode import encode
from tests.groups.evaluation.conftest import ELSEWHERE, HERE
from tests.groups.evaluation.drawn import rules
from tests.groups.evaluation.oracle import Rule, fits
from tests.groups.evaluation.world import DAYS, Person


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rule=rules(RESIDENT), as_of=st.sampled_from(DAYS))
async def test_sql_finds_the_same_residents_as_reading_their_facts_one_by_one(
    rule: Rule,
    as_of: date,
    database: Database,
    people: list[Person],
) -> None:
    tree, evaluator = decode(rule), SqlEvaluator()
    async with database.read([HERE, ELSEWHERE]) as session:
        members = await evaluator.members(session, HERE, tree, as_of)
        count = await evaluator.count(session, HERE, tree, as_of)
    fitting = [each.id for each in people if not each.closed and fits(rule, each, as_of)]
    assert members == sorted(fitting)
    assert count == len(members)


@given(rule=rules(RESIDENT, levels=5))
def test_a_rule_survives_being_written_and_read_again(rule: Rule) -> None:
    tree = decode(rule)
    assert encode(tree) == rule
    assert decode(encode(tree)) == tree
