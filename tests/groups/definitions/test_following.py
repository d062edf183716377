"""Groups follow the facts by themselves, and keep what they were."""

import asyncio
from datetime import date
from uuid import UUID

from pyroaring import BitMap

from backend.kernel.db import Database
from backend.kernel.errors import Text
from backend.kernel.ids import new_id
from backend.kernel.principals import Principal, PrincipalKind
from groups.definitions import service
from groups.definitions.queries import NewGroup as NewDefinition
from groups.evaluation.ports import Scope
from groups.evaluation.sql import SqlEvaluator
from groups.language.decode import decode
from groups.language.things import Purpose
from groups.memberships.history import members_at
from tests.drivers.clock import SteeredClock
from tests.drivers.people import ROPAZI, Caller
from tests.groups.community import Imported, NewGroup, Registry, slots_of


async def test_after_an_import_residents_join_and_leave_and_the_past_is_kept(
    communicator: Caller,
    registry: Registry,
    imported: Imported,
    stopini: NewGroup,
    clock: SteeredClock,
) -> None:
    staying, leaving = await registry.settle(10), await registry.settle(2)
    group = (await communicator.post("/groups", stopini)).json()["id"]
    saved_at = clock.now
    clock.advance(hours=1)
    await registry.close(leaving)
    joining = await registry.settle(3)
    await imported()
    first, second = await registry.evaluations(group)
    assert (second.cause, second.joined, second.left, second.members) == ("import", 3, 2, 13)
    assert await registry.residents(slots_of(second.left_slots)) == sorted(leaving)
    assert await registry.since(group) == {
        **dict.fromkeys(staying, saved_at),
        **dict.fromkeys(joining, clock.now),
    }
    async with registry.database.read([ROPAZI]) as session:
        then = await members_at(session, ROPAZI, UUID(group), saved_at)
    assert then == slots_of(first.joined_slots)
    assert await registry.residents(then or BitMap()) == sorted(staying + leaving)


async def test_an_import_that_changes_nothing_for_a_group_writes_nothing(
    communicator: Caller,
    registry: Registry,
    imported: Imported,
    stopini: NewGroup,
    clock: SteeredClock,
) -> None:
    await registry.settle(12)
    group = (await communicator.post("/groups", stopini)).json()
    before = await registry.since(group["id"])
    clock.advance(hours=1)
    await imported()
    await imported()
    assert await registry.since(group["id"]) == before
    assert len(await registry.evaluations(group["id"])) == 1
    assert (await communicator.get(f"/groups/{group['id']}")).json() == group


async def test_every_live_group_follows_and_no_archived_one(
    communicator: Caller, registry: Registry, imported: Imported, stopini: NewGroup
) -> None:
    groups = [(await communicator.post("/groups", stopini)).json()["id"] for _ in range(3)]
    await communicator.post(f"/groups/{groups[0]}/archiving")
    await registry.settle(1)
    assert len(await imported()) == 2
    assert [len(await registry.members(group)) for group in groups] == [0, 1, 1]


async def test_a_birthday_lets_a_resident_in_on_the_civil_day_that_is_followed(
    communicator: Caller,
    registry: Registry,
    imported: Imported,
    stopini: NewGroup,
    clock: SteeredClock,
) -> None:
    residents = await registry.settle(1, born=date(1961, 11, 21))
    rule = {"op": ">=", "args": [{"property": "age"}, 65]}
    group = (await communicator.post("/groups", {**stopini, "rule": rule})).json()["id"]
    assert await registry.members(group) == []
    clock.advance(hours=13.5)  # still the 20th in UTC, the 21st in Latvia
    await imported()
    assert await registry.since(group) == dict.fromkeys(residents, clock.now)
    assert (await registry.evaluations(group))[-1].as_of == date(2026, 11, 21)


async def test_followings_at_once_let_everybody_in_exactly_once(
    communicator: Caller, registry: Registry, imported: Imported, stopini: NewGroup
) -> None:
    group = (await communicator.post("/groups", stopini)).json()["id"]
    residents = await registry.settle(500)
    await asyncio.gather(*(imported() for _ in range(4)))
    assert await registry.members(group) == sorted(residents)
    assert [e.joined for e in await registry.evaluations(group)] == [0, 500]


async def test_a_rule_changed_while_groups_follow_is_the_one_that_counts(
    communicator: Caller, registry: Registry, imported: Imported, stopini: NewGroup
) -> None:
    await registry.settle(3)
    others = await registry.settle(4, "Ropažu pagasts")
    group = (await communicator.post("/groups", stopini)).json()["id"]
    rule = {"rule": {"op": "=", "args": [{"property": "parish"}, "Ropažu pagasts"]}}
    await asyncio.gather(
        *(imported() for _ in range(3)),
        communicator.put(f"/groups/{group}/rule", rule, '"1"'),
        *(imported() for _ in range(3)),
    )
    assert await registry.members(group) == sorted(others)
    assert [e.rule_version for e in await registry.evaluations(group)] == [1, 2]


async def test_a_group_created_while_others_follow_is_noted_for_the_next_time(
    registry: Registry,
    database: Database,
    imported: Imported,
    stopini: NewGroup,
    clock: SteeredClock,
) -> None:
    by = Principal(PrincipalKind.STAFF, ROPAZI, new_id(), new_id())
    name = Text("Stopiņu iedzīvotāji", "Residents of Stopiņi")
    rule = decode(stopini["rule"])
    new = NewDefinition(name, "Ziņas.", Purpose.INFORMATION, Scope.DECLARED, None, rule)
    async with database.write([ROPAZI]) as session:
        created = await service.create(session, by, new, SqlEvaluator(), clock, minimum=10)
        residents = await registry.settle(3)
        assert await imported() == []
    assert await registry.noted() == [("group", created.group.id)]
    await imported()
    assert await registry.members(created.group.id) == sorted(residents)


async def test_who_only_owns_property_here_belongs_to_groups_of_those_linked(
    communicator: Caller, registry: Registry, stopini: NewGroup
) -> None:
    await registry.settle(2)
    [owner] = await registry.settle(1, residence="linked")
    await registry.give_property(owner)
    linked = (await communicator.post("/groups", {**stopini, "scope": "linked"})).json()
    assert linked["scope"] == "linked"
    assert await registry.members(linked["id"]) == [owner]
    declared = (await communicator.post("/groups", stopini)).json()["id"]
    assert owner not in await registry.members(declared)
