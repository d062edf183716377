"""The rule of the README on people whose answers can be told by hand."""

from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID

import pytest

from backend.kernel.db import Database
from groups.evaluation.ports import Question
from groups.evaluation.sql import selection
from groups.language.decode import decode
from tests.groups.evaluation.backends import Load
from tests.groups.evaluation.conftest import BOTH, HERE
from tests.groups.evaluation.oracle import Rule
from tests.groups.evaluation.tables import store
from tests.groups.evaluation.world import NOTHING_KNOWN, NOWHERE, Person, Thing, World

FAMILIES: Rule = {
    "op": "and",
    "args": [
        {
            "op": "any",
            "args": [
                {"property": "children"},
                {"op": "between", "args": [{"property": "age"}, 3, 6]},
            ],
        },
        {"op": "=", "args": [{"property": "parish"}, "Stopiņu pagasts"]},
    ],
}
NO_SMALL_CHILD: Rule = {"op": "not", "args": [FAMILIES["args"][0]]}
AS_OF = date(2026, 11, 20)

Ask = Callable[[Rule], Awaitable[set[str]]]


class Village:
    """People by name."""

    def __init__(self) -> None:
        self.world = World()
        self.names: dict[int, str] = {}

    def place(self, parish: str, *, closed: bool = False) -> Thing:
        known = {**NOWHERE, "parish": parish}
        place = Thing(UUID(int=900 + len(self.world.places)), known, closed)
        self.world.places.append(place)
        return place

    def person(
        self, name: str, place: Thing | None, born: date | None, *, closed: bool = False
    ) -> Person:
        slot = len(self.names)
        known = {**NOTHING_KNOWN, "birth_date": born}
        person = Person(UUID(int=slot + 1), slot, known, place, closed)
        self.names[slot] = name
        self.world.people.append(person)
        return person


@pytest.fixture
async def ask(database: Database, load: Load) -> Ask:
    """Settle a village, and give the way to ask whom a rule holds for."""
    village = Village()
    stopini, ropazi = village.place("Stopiņu pagasts"), village.place("Ropažu pagasts")
    gone = village.place("Stopiņu pagasts", closed=True)
    turns_3 = village.person("turns 3 today", stopini, date(2023, 11, 20))
    turns_7 = village.person("turns 7 tomorrow", ropazi, date(2019, 11, 21))
    still_2 = village.person("3 only tomorrow", stopini, date(2023, 11, 21))
    moved = village.person("4, moved away", stopini, date(2022, 1, 1), closed=True)
    unknown = village.person("birthday unknown", stopini, None)
    for name, place, children in (
        ("parent of 3", stopini, [(turns_3, False)]),
        ("parent of 6 and 2", stopini, [(turns_7, False), (still_2, False)]),
        ("parent of 2", stopini, [(still_2, False)]),
        ("parent in Ropaži", ropazi, [(turns_3, False)]),
        ("parent at an address struck out", gone, [(turns_3, False)]),
        ("parent without an address", None, [(turns_3, False)]),
        ("guardian no more", stopini, [(turns_3, True)]),
        ("parent of one who moved", stopini, [(moved, False)]),
        ("parent of unknown", stopini, [(unknown, False)]),
        ("parent of unknown and 3", stopini, [(unknown, False), (turns_3, False)]),
    ):
        village.person(name, place, date(1990, 1, 1)).children = children
    village.person("parent who moved", stopini, None, closed=True).children = [(turns_3, False)]
    for municipality in BOTH:
        await store(database, municipality, village.world)
    evaluator = await load(database, BOTH)

    async def names(rule: Rule) -> set[str]:
        async with database.read(BOTH) as session:
            question = Question((HERE,), decode(rule), AS_OF)
            members = (await evaluator.members(session, question)).slots
            preview = await evaluator.preview(session, question)
        assert preview.steps[-1].size == len(members)
        return {village.names[member] for member in members}

    return names


async def test_families_with_a_child_of_3_to_6_in_the_parish_are_found(ask: Ask) -> None:
    assert await ask(FAMILIES) == {
        "parent of 3",
        "parent of 6 and 2",
        "parent of unknown and 3",
    }


async def test_whoever_may_have_a_small_child_is_not_said_to_have_none(ask: Ask) -> None:
    assert await ask(NO_SMALL_CHILD) == {
        "turns 3 today",
        "turns 7 tomorrow",
        "3 only tomorrow",
        "birthday unknown",
        "parent of 2",
        "guardian no more",
        "parent of one who moved",
    }


async def test_an_unknown_parish_is_neither_this_nor_another(ask: Ask) -> None:
    here: Rule = FAMILIES["args"][1]
    asked = [await ask(here), await ask({"op": "not", "args": [here]})]
    nowhere = await ask({"op": "isNull", "args": [{"property": "parish"}]})
    assert nowhere == {"parent at an address struck out", "parent without an address"}
    assert not nowhere & (asked[0] | asked[1])


async def test_no_value_of_a_rule_stands_in_the_statement() -> None:
    statement = str(selection(HERE, Question((HERE,), decode(FAMILIES), AS_OF)))
    assert "Stopiņu" not in statement
    assert "20" not in statement
    assert "44000" not in statement
