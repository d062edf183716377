"""Memberships follow the facts by themselves, and keep their history."""

import asyncio
from datetime import date
from uuid import UUID

from sqlalchemy import text

from backend.kernel.db import Database
from backend.kernel.errors import Text
from backend.kernel.ids import new_id
from backend.kernel.outbox import Event
from backend.kernel.principals import Principal, PrincipalKind
from backend.kernel.tenancy import MunicipalityId
from groups.definitions import service
from groups.definitions.queries import NewGroup as NewDefinition
from groups.language.decode import decode
from groups.public import members_of, outbox_handlers
from tests.drivers.clock import SteeredClock
from tests.drivers.people import ROPAZI, Caller
from tests.groups.community import Imported, NewGroup, Registry


def asking_for(group: str) -> Event:
    """Write the event that asks to evaluate a group."""
    payload = {"groupId": group, "cause": "requested"}
    return Event(new_id(), ROPAZI, "group.evaluate", payload, 0)


async def until_somebody_waits(database: Database) -> None:
    """Return when another transaction of this database waits for a lock."""
    waiting = text(
        "SELECT count(*) FROM pg_locks JOIN pg_database d ON d.oid = database"
        " WHERE NOT granted AND datname = current_database()"
    )
    async with asyncio.timeout(20):
        while True:
            async with database.read([ROPAZI]) as session:
                if await session.scalar(waiting):
                    return
            await asyncio.sleep(0)


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
    history = {row.resident_id: row for row in await registry.history(group)}
    first, second = await registry.evaluations(group)
    assert (second.cause, second.joined, second.left, second.members) == ("import", 3, 2, 13)
    assert {r: (history[r].since, history[r].until) for r in staying + leaving + joining} == {
        **dict.fromkeys(staying, (saved_at, None)),
        **dict.fromkeys(leaving, (saved_at, clock.now)),
        **dict.fromkeys(joining, (clock.now, None)),
    }
    assert {history[r].ended_by_evaluation_id for r in leaving} == {second.id}
    assert {history[r].evaluation_id for r in staying + leaving} == {first.id}
    assert {history[r].evaluation_id for r in joining} == {second.id}


async def test_who_leaves_and_comes_back_has_two_memberships(
    communicator: Caller, registry: Registry, imported: Imported, stopini: NewGroup
) -> None:
    residents = await registry.settle(1)
    group = (await communicator.post("/groups", stopini)).json()["id"]
    await registry.close(residents)
    await imported()
    await registry.reopen(residents)
    await imported()
    assert [row.until is None for row in await registry.history(group)] == [False, True]


async def test_an_import_that_changes_nothing_for_a_group_changes_no_membership(
    communicator: Caller,
    registry: Registry,
    imported: Imported,
    stopini: NewGroup,
    clock: SteeredClock,
) -> None:
    await registry.settle(12)
    group = (await communicator.post("/groups", stopini)).json()["id"]
    before = [(row.resident_id, row.since) for row in await registry.history(group)]
    clock.advance(hours=1)
    await imported()
    await imported()
    assert [(row.resident_id, row.since) for row in await registry.history(group)] == before
    changes = [(e.joined, e.left, e.members) for e in await registry.evaluations(group)]
    assert changes == [(12, 0, 12), (0, 0, 12), (0, 0, 12)]


async def test_every_live_group_is_evaluated_by_an_event_of_its_own_and_no_archived_one(
    communicator: Caller, registry: Registry, imported: Imported, stopini: NewGroup
) -> None:
    groups = [(await communicator.post("/groups", stopini)).json()["id"] for _ in range(3)]
    await communicator.post(f"/groups/{groups[0]}/archiving")
    await registry.settle(1)
    assert await imported() == 1 + 2
    assert [len(await registry.history(group)) for group in groups] == [0, 1, 1]


async def test_a_birthday_lets_a_resident_in_on_the_civil_day_that_it_is_evaluated_for(
    communicator: Caller,
    registry: Registry,
    imported: Imported,
    stopini: NewGroup,
    clock: SteeredClock,
) -> None:
    await registry.settle(1, born=date(1961, 11, 21))
    rule = {"op": ">=", "args": [{"property": "age"}, 65]}
    group = (await communicator.post("/groups", {**stopini, "rule": rule})).json()["id"]
    assert await registry.history(group) == []
    clock.advance(hours=13.5)  # still the 20th in UTC, the 21st in Latvia
    await imported()
    assert [row.since for row in await registry.history(group)] == [clock.now]
    assert (await registry.evaluations(group))[-1].as_of == date(2026, 11, 21)


async def test_evaluations_of_one_group_at_once_let_everybody_in_exactly_once(
    communicator: Caller,
    registry: Registry,
    database: Database,
    stopini: NewGroup,
    clock: SteeredClock,
) -> None:
    group = (await communicator.post("/groups", stopini)).json()["id"]
    residents = await registry.settle(500)
    evaluate = outbox_handlers(clock)["group.evaluate"]

    async def run() -> None:
        async with database.write([ROPAZI]) as session:
            await evaluate(session, asking_for(group))

    async with database.write([ROPAZI]) as session:
        await evaluate(session, asking_for(group))
        others = [asyncio.ensure_future(run()) for _ in range(3)]
        await until_somebody_waits(database)
    await asyncio.gather(*others)
    assert [row.resident_id for row in await registry.history(group)] == sorted(residents)
    assert [e.joined for e in await registry.evaluations(group)] == [0, 500, 0, 0, 0]


async def test_a_group_created_while_an_import_commits_follows_that_import(
    registry: Registry,
    database: Database,
    imported: Imported,
    stopini: NewGroup,
    clock: SteeredClock,
) -> None:
    by = Principal(PrincipalKind.STAFF, ROPAZI, new_id(), new_id())
    name = Text("Stopiņu iedzīvotāji", "Residents of Stopiņi")
    new = NewDefinition(name, "Ziņas.", None, decode(stopini["rule"]))
    async with database.write([ROPAZI]) as session:
        created = await service.create(session, by, new, clock)
        residents = await registry.settle(3)
        following = asyncio.ensure_future(imported())
        await until_somebody_waits(database)
    await following
    async with database.read([ROPAZI]) as session:
        assert await members_of(session, ROPAZI, created.group.id) == sorted(residents)


async def test_an_event_of_a_group_that_is_gone_or_archived_meanwhile_is_done_with(
    communicator: Caller,
    registry: Registry,
    database: Database,
    stopini: NewGroup,
    clock: SteeredClock,
) -> None:
    group = (await communicator.post("/groups", stopini)).json()["id"]
    await registry.settle(1)
    await communicator.post(f"/groups/{group}/archiving")
    evaluate = outbox_handlers(clock)["group.evaluate"]
    async with database.write([ROPAZI]) as session:
        await evaluate(session, asking_for(group))
        await evaluate(session, asking_for(str(new_id())))
    assert await registry.history(group) == []


async def test_members_are_those_who_belong_now_ordered_by_id(
    communicator: Caller,
    registry: Registry,
    database: Database,
    imported: Imported,
    stopini: NewGroup,
) -> None:
    staying, leaving = await registry.settle(20), await registry.settle(5)
    group = UUID((await communicator.post("/groups", stopini)).json()["id"])
    await registry.close(leaving)
    await imported()
    async with database.read([ROPAZI]) as session:
        assert await members_of(session, ROPAZI, group) == sorted(staying)
        assert await members_of(session, MunicipalityId(9000), group) == []
