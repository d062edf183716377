"""Whom a rule is asked of: who lives here, who is linked with here, who lives anywhere."""

from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID

import pytest
from pyroaring import BitMap

from backend.kernel.db import Database
from groups.evaluation.ports import Question, Scope
from groups.language.decode import decode
from tests.groups.evaluation.backends import Load
from tests.groups.evaluation.conftest import BOTH, ELSEWHERE, HERE
from tests.groups.evaluation.oracle import Rule
from tests.groups.evaluation.tables import store
from tests.groups.evaluation.world import NOTHING_KNOWN, Person, Thing, World
from tests.groups.language.drawn_rules import call

CLUB = UUID(int=7)
IN_CLUB = call("in_group", str(CLUB))
ANYBODY = call("or", IN_CLUB, call("not", IN_CLUB))
AS_OF = date(2026, 11, 20)

Ask = Callable[[Rule, Scope], Awaitable[set[str]]]


class Village:
    """People by name, each declared here or only linked."""

    def __init__(self) -> None:
        self.world = World()
        self.names: list[str] = []
        self.school = self.thing(kind="school", name="Skola")
        self.gone = self.thing(kind="school", name="Bijusī", closed=True)
        self.world.bodies = [self.school, self.gone]

    def thing(self, *, closed: bool = False, **known: str) -> Thing:
        return Thing(UUID(int=5_000 + 17 * len(self.names) + closed), known, closed)

    def person(self, name: str, residence: str, *, closed: bool = False) -> Person:
        slot = len(self.names)
        known = {**NOTHING_KNOWN, "residence": residence}
        person = Person(UUID(int=slot + 1), slot, known, None, closed)
        self.names.append(name)
        self.world.people.append(person)
        return person

    def child(self, school: Thing, *, closed: bool = False, left: bool = False) -> Person:
        child = self.person(f"child {len(self.names)}", "linked", closed=closed)
        child.institutions = [(school, left)]
        return child


def settled() -> Village:
    """Settle people whose links with the municipality are of every kind."""
    village = Village()
    village.person("lives here", "declared")
    village.person("lived here", "declared", closed=True)
    village.person("known for nothing", "linked")
    owner = village.person("owns a flat", "linked")
    owner.properties = [(village.thing(kind="flat"), False)]
    sold = village.person("sold a flat", "linked")
    sold.properties = [(village.thing(kind="flat", closed=True), False)]
    both = village.person("lives here and owns", "declared")
    both.properties = [(village.thing(kind="land"), False)]
    for name, child, ended in (
        ("parent of a pupil", village.child(village.school), False),
        ("parent of one who left", village.child(village.school, left=True), False),
        ("parent of a pupil of a closed school", village.child(village.gone), False),
        ("parent of one who died", village.child(village.school, closed=True), False),
        ("guardian no more", village.child(village.school), True),
    ):
        village.person(name, "linked").children = [(child, ended)]
    return village


@pytest.fixture
async def ask(database: Database, load: Load) -> Ask:
    """Give the way to ask for those in a scope whom a rule holds for."""
    village = settled()
    await store(database, HERE, village.world)
    evaluator = await load(database, [HERE])
    club = {(HERE, CLUB): BitMap([0, 3, 999])}

    async def names(rule: Rule, scope: Scope) -> set[str]:
        async with database.read([HERE]) as session:
            question = Question((HERE,), decode(rule), AS_OF, scope, club)
            members = await evaluator.members(session, question)
        return {village.names[slot] for slot in members.slots}

    return names


async def test_the_declared_are_those_who_live_here_and_no_one_else(ask: Ask) -> None:
    assert await ask(ANYBODY, Scope.DECLARED) == {"lives here", "lives here and owns"}


async def test_the_linked_own_property_here_or_have_a_child_at_school_here(ask: Ask) -> None:
    expected = {"owns a flat", "lives here and owns", "parent of a pupil"}
    assert await ask(ANYBODY, Scope.LINKED) == expected


async def test_members_of_another_group_count_within_the_scope_only(ask: Ask) -> None:
    assert await ask(IN_CLUB, Scope.DECLARED) == {"lives here"}
    assert await ask(IN_CLUB, Scope.LINKED) == {"owns a flat"}
    assert await ask(call("in_group", str(UUID(int=8))), Scope.LINKED) == set()


async def test_all_are_those_who_live_in_any_of_the_municipalities_asked(
    database: Database, load: Load
) -> None:
    for municipality in BOTH:
        await store(database, municipality, settled().world)
    evaluator = await load(database, BOTH)
    club = {(ELSEWHERE, CLUB): BitMap([0])}
    async with database.read(BOTH) as session:
        question = Question(BOTH, decode(call("not", IN_CLUB)), AS_OF, Scope.ALL, club)
        preview = await evaluator.preview(session, question)
    assert preview.everybody.size == 4
    [step] = preview.steps
    assert step.size == 3
    assert {place: bits.rstrip(b"\0") for place, bits in step.slots.bits.items()} == {
        HERE: bytes([0b100001]),
        ELSEWHERE: bytes([0b100000]),
    }


async def test_a_municipality_without_residents_has_an_empty_preview(
    database: Database, load: Load
) -> None:
    evaluator = await load(database, [HERE])
    async with database.read([HERE]) as session:
        question = Question((HERE,), decode(ANYBODY), AS_OF)
        preview = await evaluator.preview(session, question)
        members = await evaluator.members(session, question)
    assert [preview.everybody.size, *(step.size for step in preview.steps)] == [0, 0, 0]
    assert not members.slots
