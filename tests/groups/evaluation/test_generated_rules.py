"""Every evaluator against the plain reading: generated rules over generated people."""

from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from backend.kernel.db import Database
from backend.kernel.tenancy import MunicipalityId
from groups.evaluation.ports import Evaluator, Preview, Question, Scope, Step
from groups.language.decode import decode
from tests.groups.evaluation.conftest import BOTH, ELSEWHERE, HERE, People
from tests.groups.evaluation.oracle import Asked, Rule, found
from tests.groups.evaluation.world import DAYS
from tests.groups.language.drawn_rules import call, rules

CLUB, NOBODY = UUID(int=7), UUID(int=8)
GROUPS = [str(CLUB), str(NOBODY)]
CLUBS = {HERE: set(range(0, 250, 3)), ELSEWHERE: set(range(0, 40, 2))}
CHOSEN = st.sampled_from(GROUPS).map(lambda group: call("in_group", group))
NESTED = rules(levels=4, groups=GROUPS)
RULES = NESTED | st.builds(
    lambda operator, operands: call(operator, *operands),
    st.sampled_from(["and", "or"]),
    st.lists(rules(levels=2, groups=GROUPS) | CHOSEN, min_size=2, max_size=4),
)

differential = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


def question(rule: Rule, as_of: date, scope: Scope, *municipalities: MunicipalityId) -> Question:
    """Ask a rule that may refer to the club."""
    groups = {(place, CLUB): BitMap(CLUBS[place]) for place in municipalities}
    return Question(municipalities, decode(rule), as_of, scope, groups)


def fitting(
    rule: Rule, people: People, as_of: date, scope: Scope
) -> dict[MunicipalityId, set[int]]:
    """Read the rule over everybody."""
    return {
        place: found(rule, people[place], Asked(as_of, {str(CLUB): CLUBS[place]}), scope.value)
        for place in people
    }


@differential
@given(rule=RULES, as_of=st.sampled_from(DAYS), scope=st.sampled_from(Scope))
async def test_an_evaluator_finds_the_same_residents_as_reading_their_facts_one_by_one(
    rule: Rule, as_of: date, scope: Scope, database: Database, evaluator: Evaluator, people: People
) -> None:
    async with database.read(BOTH) as session:
        answers = {
            place: await evaluator.members(session, question(rule, as_of, scope, place))
            for place in BOTH
        }
    expected = fitting(rule, people, as_of, scope)
    assert {place: set(found.slots) for place, found in answers.items()} == expected
    assert all(found.as_of == as_of for found in answers.values())


@differential
@given(rule=RULES, as_of=st.sampled_from(DAYS), scope=st.sampled_from(Scope))
async def test_a_preview_narrows_or_widens_clause_by_clause_as_reading_the_facts_does(
    rule: Rule, as_of: date, scope: Scope, database: Database, evaluator: Evaluator, people: People
) -> None:
    async with database.read(BOTH) as session:
        preview = await evaluator.preview(session, question(rule, as_of, scope, *BOTH))
    steps = funnel(rule)
    assert [step.pointer for step in preview.steps] == [pointer for pointer, _ in steps]
    everyone = call("not", call("in_group", str(NOBODY)))
    for step, partial in zip(
        counted(preview), [everyone, *(each for _, each in steps)], strict=True
    ):
        expected = fitting(partial, people, as_of, scope)
        assert {place: unpacked(step, place) for place in BOTH} == expected
        assert step.size == sum(map(len, expected.values()))


def counted(preview: Preview) -> list[Step]:
    """List everybody and the steps."""
    return [preview.everybody, *preview.steps]


def funnel(rule: Rule) -> list[tuple[str, Rule]]:
    """Write the rule up to each of its operands."""
    if rule["op"] not in {"and", "or"}:
        return [("", rule)]
    operands: list[Any] = rule["args"]
    return [
        (f"/args/{place}", call(rule["op"], *operands[: place + 1]))
        for place in range(len(operands))
    ]


def unpacked(step: Step, place: MunicipalityId) -> set[int]:
    """List the slots of one municipality."""
    bits = np.frombuffer(step.slots.bits.get(place, b""), dtype=np.uint8)
    return set(np.flatnonzero(np.unpackbits(bits, bitorder="little")).tolist())
