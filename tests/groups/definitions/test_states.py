"""Held and invalid groups keep their members until somebody decides, or the data heal."""

import logging
from datetime import date

import pytest
from sqlalchemy import insert, select, update

from backend.kernel.audit import AuditEntry
from backend.kernel.clock import Clock
from backend.kernel.db import Database
from backend.kernel.outbox import OutboxEvent, lock_next_event, remove
from backend.kernel.principals import PrincipalKind
from groups.public import outbox_handlers
from groups.tables import RegistryValue
from tests.drivers.clock import SteeredClock
from tests.drivers.people import ROPAZI, Caller, SignIn
from tests.groups.community import STOPINI, Imported, NewGroup, OfParish, Registry


async def enter(database: Database, value: str, withdrawn_on: date | None) -> None:
    """Enter a parish that the registry has or had."""
    row = {"municipality_id": ROPAZI, "attribute": "parish", "value": value}
    async with database.write([ROPAZI]) as session:
        await session.execute(
            insert(RegistryValue).values(
                **row, first_seen_on=date(2020, 1, 1), withdrawn_on=withdrawn_on
            )
        )


async def test_a_held_group_keeps_its_members_and_tells_what_waits(
    communicator: Caller,
    registry: Registry,
    imported: Imported,
    stopini: NewGroup,
    clock: SteeredClock,
) -> None:
    residents = await registry.settle(1000)
    group = (await communicator.post("/groups", stopini)).json()["id"]
    clock.advance(hours=1)
    await registry.close(residents[:201])
    await imported()
    held = (await communicator.get(f"/groups/{group}")).json()
    since = clock.now.isoformat().replace("+00:00", "Z")
    assert (held["state"], held["stateSince"], held["members"]["count"]) == ("held", since, 1000)
    assert [reason["code"] for reason in held["stateReason"]] == ["too_many_leave"]
    assert held["proposal"] == {
        "heldAt": since,
        "asOf": "2026-11-20",
        "cause": "import",
        "joined": {"count": None, "fewerThan": 10},
        "left": {"count": 201, "fewerThan": None},
    }
    assert len(await registry.members(group)) == 1000


async def test_a_held_group_whose_residents_come_back_is_live_by_itself(
    communicator: Caller, registry: Registry, imported: Imported, stopini: NewGroup
) -> None:
    residents = await registry.settle(1000)
    group = (await communicator.post("/groups", stopini)).json()["id"]
    await registry.close(residents[:500])
    await imported()
    await registry.reopen(residents[:400])
    await imported()
    live = (await communicator.get(f"/groups/{group}")).json()
    assert (live["state"], live["stateReason"], live["proposal"]) == ("live", [], None)
    assert await registry.members(group) == sorted(residents[:400] + residents[500:])


@pytest.mark.parametrize("role", ["communicator", "approver"])
async def test_a_released_group_has_those_whom_its_rule_finds_then(
    communicator: Caller,
    sign_in: SignIn,
    registry: Registry,
    database: Database,
    imported: Imported,
    stopini: NewGroup,
    role: str,
) -> None:
    residents = await registry.settle(1000)
    group = (await communicator.post("/groups", stopini)).json()["id"]
    await registry.close(residents[:500])
    await imported()
    await registry.close(residents[500:600])
    decider = await sign_in(PrincipalKind.STAFF, [role])
    answer = await decider.post(f"/groups/{group}/release")
    released = answer.json()
    assert (answer.status_code, released["state"], released["proposal"]) == (200, "live", None)
    assert (released["members"]["count"], released["evaluation"]["cause"]) == (400, "released")
    assert await registry.members(group) == sorted(residents[600:])
    again = await decider.post(f"/groups/{group}/release")
    assert (again.status_code, again.json()["code"]) == (409, "group_not_held")
    async with database.read([ROPAZI]) as session:
        entries = await session.scalars(
            select(AuditEntry).where(AuditEntry.action == "group.released")
        )
        assert [entry.actor for entry in entries] == [f"staff:{decider.subject_id}"]


async def test_a_held_group_whose_rule_is_changed_is_live_with_the_new_members(
    communicator: Caller,
    registry: Registry,
    imported: Imported,
    stopini: NewGroup,
    of_parish: OfParish,
) -> None:
    residents = await registry.settle(1000)
    others = await registry.settle(3, "Ropažu pagasts")
    group = (await communicator.post("/groups", stopini)).json()["id"]
    await registry.close(residents)
    await imported()
    body = {"rule": of_parish("Ropažu pagasts")}
    changed = (await communicator.put(f"/groups/{group}/rule", body, '"1"')).json()
    assert (changed["state"], changed["proposal"]) == ("live", None)
    assert await registry.members(group) == sorted(others)


async def test_a_group_whose_value_is_withdrawn_is_invalid_and_never_silently_empty(
    communicator: Caller,
    registry: Registry,
    database: Database,
    imported: Imported,
    stopini: NewGroup,
) -> None:
    residents = await registry.settle(5)
    group = (await communicator.post("/groups", stopini)).json()["id"]
    await enter(database, STOPINI, date(2026, 11, 20))
    await registry.close(residents)
    await imported()
    invalid = (await communicator.get(f"/groups/{group}")).json()
    assert (invalid["state"], invalid["version"]) == ("invalid", 1)
    reason = {"code": "value_withdrawn", "pointer": "/args/1", "detail": STOPINI}
    assert invalid["stateReason"] == [reason]
    assert await registry.members(group) == sorted(residents)
    answer = await communicator.post(f"/groups/{group}/release")
    assert answer.json()["code"] == "group_not_held"


async def test_an_invalid_group_is_live_again_when_the_value_is_back_or_the_rule_is_mended(
    communicator: Caller,
    registry: Registry,
    database: Database,
    imported: Imported,
    stopini: NewGroup,
    of_parish: OfParish,
) -> None:
    residents = await registry.settle(5)
    others = await registry.settle(2, "Ropažu pagasts")
    first, second = [(await communicator.post("/groups", stopini)).json()["id"] for _ in "ab"]
    await enter(database, STOPINI, date(2026, 11, 20))
    await imported()
    body = {"rule": of_parish("Ropažu pagasts")}
    mended = (await communicator.put(f"/groups/{second}/rule", body, '"1"')).json()
    assert (mended["state"], mended["stateReason"]) == ("live", [])
    async with database.write([ROPAZI]) as session:
        await session.execute(update(RegistryValue).values(withdrawn_on=None))
    await registry.close(residents[:1])
    await imported()
    assert (await communicator.get(f"/groups/{first}")).json()["state"] == "live"
    assert await registry.members(first) == sorted(residents[1:])
    assert await registry.members(second) == sorted(others)


async def test_what_waits_is_listed_for_all_or_for_who_made_it(
    communicator: Caller,
    sign_in: SignIn,
    registry: Registry,
    database: Database,
    imported: Imported,
    stopini: NewGroup,
    of_parish: OfParish,
    clock: SteeredClock,
) -> None:
    colleague = await sign_in(PrincipalKind.STAFF, ["communicator"])
    residents = await registry.settle(300)
    held = (await communicator.post("/groups", stopini)).json()["id"]
    gone = {**stopini, "rule": of_parish("Zudušais pagasts")}
    invalid = (await colleague.post("/groups", gone)).json()["id"]
    live = {**stopini, "rule": of_parish("Ropažu pagasts")}
    await communicator.post("/groups", live)
    await registry.close(residents)
    await imported()
    clock.advance(minutes=1)
    await enter(database, "Zudušais pagasts", date(2026, 11, 20))
    await imported()
    everything = (await communicator.get("/groups/attention")).json()["groups"]
    assert [group["id"] for group in everything] == [invalid, held]
    mine = (await communicator.get("/groups/attention?mine=true")).json()["groups"]
    assert [group["id"] for group in mine] == [held]
    listed = (await communicator.get("/groups?state=held")).json()["groups"]
    assert [(group["id"], group["attention"]) for group in listed] == [(held, True)]
    assert len((await communicator.get("/groups?state=live")).json()["groups"]) == 1


async def test_that_a_group_waits_is_written_into_the_log_once(
    communicator: Caller,
    registry: Registry,
    database: Database,
    imported: Imported,
    stopini: NewGroup,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    residents = await registry.settle(300)
    group = (await communicator.post("/groups", stopini)).json()["id"]
    await registry.close(residents)
    await imported()
    await imported()
    async with database.read([ROPAZI]) as session:
        topics = (await session.scalars(select(OutboxEvent.topic))).all()
    assert topics.count("group.needs_decision") == 1
    async with database.write([ROPAZI]) as session:
        while event := await lock_next_event(session, clock()):
            with caplog.at_level(logging.WARNING, "groups"):
                await outbox_handlers(clock)[event.topic](session, event)
            await remove(session, event)
    [record] = [each for each in caplog.records if each.message == "group_held"]
    assert group in str(vars(record))
