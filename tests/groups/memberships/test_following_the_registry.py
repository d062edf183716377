"""Memberships follow the facts by themselves, and keep their history."""

import asyncio
from datetime import date
from uuid import UUID

from backend.kernel.db import Database
from backend.kernel.ids import new_id
from backend.kernel.outbox import Event
from backend.kernel.tenancy import MunicipalityId
from groups.public import members_of, outbox_handlers
from tests.groups.community import ROPAZI, Caller, Imported, NewGroup, Registry, Steered


async def test_after_an_import_residents_join_and_leave_and_the_past_is_kept(
    communicator: Caller, registry: Registry, imported: Imported, stopini: NewGroup, clock: Steered
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
    communicator: Caller, registry: Registry, imported: Imported, stopini: NewGroup, clock: Steered
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
    communicator: Caller, registry: Registry, imported: Imported, stopini: NewGroup, clock: Steered
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
    communicator: Caller, registry: Registry, database: Database, stopini: NewGroup, clock: Steered
) -> None:
    group = (await communicator.post("/groups", stopini)).json()["id"]
    residents = await registry.settle(500)
    evaluate = outbox_handlers(clock)["group.evaluate"]

    async def run() -> None:
        payload = {"groupId": group, "cause": "requested"}
        async with database.write([ROPAZI]) as session:
            await evaluate(session, Event(new_id(), ROPAZI, "group.evaluate", payload, 0))

    await asyncio.gather(*(run() for _ in range(4)))
    assert [row.resident_id for row in await registry.history(group)] == sorted(residents)
    assert [e.joined for e in await registry.evaluations(group)] == [0, 500, 0, 0, 0]


async def test_an_event_of_a_group_that_is_gone_is_done_with(
    database: Database, clock: Steered
) -> None:
    evaluate = outbox_handlers(clock)["group.evaluate"]
    payload = {"groupId": str(new_id()), "cause": "import"}
    async with database.write([ROPAZI]) as session:
        await evaluate(session, Event(new_id(), ROPAZI, "group.evaluate", payload, 0))


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
