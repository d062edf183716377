"""Reading anew only who changed, against reading everybody."""

from datetime import date
from random import Random

import numpy as np
import pytest

from backend.kernel.db import Database
from groups.columns.store import ColumnStore
from groups.evaluation.ports import Question, Scope
from groups.language.attributes import RESIDENT
from groups.language.decode import decode
from tests.groups.columns import telling
from tests.groups.columns.changing import TAGS, Changing
from tests.groups.columns.loaded import loaded
from tests.groups.evaluation.conftest import HERE
from tests.groups.evaluation.tables import store as write
from tests.groups.evaluation.test_every_clause import about
from tests.groups.evaluation.world import Generator
from tests.groups.language.drawn_rules import call

AS_OF = date(2026, 11, 20)
RULES = [decode(rule) for rule in list(about(RESIDENT))[::7]]
TAGGED = [decode(call("a_contains", {"property": "interests"}, [word])) for word in TAGS]


def assert_same(followed: ColumnStore, fresh: ColumnStore) -> None:
    """Compare what two stores hold, and how they answer."""
    one, other = followed.population(HERE), fresh.population(HERE)
    assert telling.residents(one) == telling.residents(other)
    assert telling.things(one) == telling.things(other)
    for scope in (Scope.DECLARED, Scope.LINKED):
        for rule in [*RULES, *TAGGED]:
            question = Question((HERE,), rule, AS_OF, scope)
            assert followed.members(question).slots == fresh.members(question).slots, rule


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_following_changes_one_by_one_ends_where_a_fresh_load_begins(
    database: Database, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311 - reproducible, not secret
    await write(database, HERE, Generator(seed).world(120))
    followed = (await loaded(database, [HERE])).store
    for _ in range(12):
        noted: set[int] = set()
        async with database.write([HERE]) as session:
            changing = Changing(session, HERE, chance)
            for _ in range(chance.randint(1, 8)):
                noted.update(await changing.change())
        async with database.read([HERE]) as session:
            await followed.refresh(session, HERE, noted, changing.owned)
        assert_same(followed, (await loaded(database, [HERE])).store)
    assert followed.size(HERE) > 120


async def test_more_words_than_sixty_four_each_find_those_who_have_them(
    database: Database,
) -> None:
    world = Generator(4).world(60)
    await write(database, HERE, world)
    followed = (await loaded(database, [HERE])).store
    wanted: dict[str, set[int]] = {word: set() for word in TAGS}
    async with database.write([HERE]) as session:
        changing = Changing(session, HERE, Random(4))  # noqa: S311 - reproducible, not secret
        declared = [
            each
            for each in world.people
            if each.known["residence"] == "declared" and not each.closed
        ]
        for place, person in enumerate(declared):
            words = TAGS[place % 7 :: 7]
            await changing.set("resident_fact", "interests", words, person.id, key="resident_id")
            for word in words:
                wanted[word].add(person.slot)
    async with database.read([HERE]) as session:
        await followed.refresh(session, HERE, [each.slot for each in declared], {})
    for word, rule in zip(TAGS, TAGGED, strict=True):
        assert set(followed.members(Question((HERE,), rule, AS_OF)).slots) == wanted[word]


async def test_who_reads_while_facts_change_keeps_what_they_began_with(
    database: Database,
) -> None:
    world = Generator(5).world(200)
    await write(database, HERE, world)
    columns = (await loaded(database, [HERE])).store
    before = columns.population(HERE)
    held = telling.residents(before)
    copies = {name: column.copy() for name, column in before.residents.columns.items()}
    async with database.write([HERE]) as session:
        changing = Changing(session, HERE, Random(5))  # noqa: S311 - reproducible, not secret
        noted = {slot for _ in range(30) for slot in await changing.change()}
    async with database.read([HERE]) as session:
        await columns.refresh(session, HERE, noted, changing.owned)
    assert columns.population(HERE) is not before
    assert telling.residents(columns.population(HERE)) != held
    assert telling.residents(before) == held
    for name, column in before.residents.columns.items():
        assert np.array_equal(column, copies[name])


async def test_residents_who_did_not_change_share_their_columns(database: Database) -> None:
    world = Generator(6).world(90)
    await write(database, HERE, world)
    columns = (await loaded(database, [HERE])).store
    before = columns.population(HERE)
    async with database.read([HERE]) as session:
        await columns.refresh(session, HERE, [0, 1, 10_000], {"pets": [0, 1]})
    after = columns.population(HERE)
    assert all(
        after.residents.columns[name] is each for name, each in before.residents.columns.items()
    )
    assert telling.things(after) == telling.things(before)
