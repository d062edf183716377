"""Rules get new versions, and groups are archived."""

import pytest
from sqlalchemy import select

from backend.kernel.audit import AuditEntry
from backend.kernel.db import Database
from groups.tables import GroupRule
from tests.drivers.clock import SteeredClock
from tests.drivers.people import ROPAZI, Caller
from tests.groups.community import NewGroup, OfParish, Registry, slots_of

ANYONE = {"op": "isNull", "args": [{"property": "sex"}]}


async def test_a_changed_rule_is_a_new_version_that_the_memberships_follow(
    communicator: Caller,
    registry: Registry,
    database: Database,
    stopini: NewGroup,
    of_parish: OfParish,
    clock: SteeredClock,
) -> None:
    leaving = await registry.settle(11)
    joining = await registry.settle(12, "Ropažu pagasts")
    group = (await communicator.post("/groups", stopini)).json()
    clock.advance(hours=1)
    body = {"rule": of_parish("Ropažu pagasts")}
    answer = await communicator.put(f"/groups/{group['id']}/rule", body, '"1"')
    changed = answer.json()
    assert answer.status_code == 200
    assert (changed["version"], changed["ruleVersion"], changed["rule"]) == (2, 2, body["rule"])
    assert changed["members"]["count"] == 12
    assert changed["evaluation"]["cause"] == "edited"
    assert await registry.members(group["id"]) == sorted(joining)
    assert set((await registry.since(group["id"])).items()) == {(r, clock.now) for r in joining}
    _, second = await registry.evaluations(group["id"])
    assert (second.rule_version, second.joined, second.left) == (2, 12, 11)
    assert await registry.residents(slots_of(second.left_slots)) == sorted(leaving)
    async with database.read([ROPAZI]) as session:
        versions = await session.scalars(select(GroupRule.rule).order_by(GroupRule.version))
        assert versions.all() == [stopini["rule"], body["rule"]]


async def test_who_fits_the_old_and_the_new_rule_stays_without_interruption(
    communicator: Caller, registry: Registry, stopini: NewGroup, clock: SteeredClock
) -> None:
    residents, saved_at = await registry.settle(2), clock.now
    group = (await communicator.post("/groups", stopini)).json()
    clock.advance(hours=1)
    answer = await communicator.put(f"/groups/{group['id']}/rule", {"rule": ANYONE}, "1")
    assert await registry.since(group["id"]) == dict.fromkeys(residents, saved_at)
    evaluation = answer.json()["evaluation"]
    assert (evaluation["cause"], evaluation["ruleVersion"]) == ("edited", 2)


async def test_a_change_from_a_stale_version_is_refused(
    communicator: Caller, stopini: NewGroup, of_parish: OfParish
) -> None:
    group = (await communicator.post("/groups", stopini)).json()["id"]
    await communicator.put(f"/groups/{group}/rule", {"rule": of_parish("Ropažu pagasts")}, '"1"')
    answer = await communicator.put(f"/groups/{group}/rule", {"rule": ANYONE}, '"1"')
    assert (answer.status_code, answer.json()["code"]) == (412, "group_version_stale")


@pytest.mark.parametrize("version", [None, "*", '"0"', "W/1", "99999999999999999999"])
async def test_a_change_must_say_which_version_it_starts_from(
    communicator: Caller, stopini: NewGroup, version: str | None
) -> None:
    group = (await communicator.post("/groups", stopini)).json()["id"]
    answer = await communicator.put(f"/groups/{group}/rule", {"rule": ANYONE}, version)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")


async def test_an_equal_rule_changes_nothing(
    communicator: Caller, registry: Registry, stopini: NewGroup
) -> None:
    group = (await communicator.post("/groups", stopini)).json()
    body = {"rule": stopini["rule"]}
    answer = await communicator.put(f"/groups/{group['id']}/rule", body, '"1"')
    assert (answer.status_code, answer.json()) == (200, group)
    assert len(await registry.evaluations(group["id"])) == 1


async def test_a_faulty_new_rule_leaves_the_group_as_it_was(
    communicator: Caller, stopini: NewGroup
) -> None:
    group = (await communicator.post("/groups", stopini)).json()
    body = {"rule": {"op": "touches", "args": []}}
    answer = await communicator.put(f"/groups/{group['id']}/rule", body, '"1"')
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/rule/op")
    assert (await communicator.get(f"/groups/{group['id']}")).json() == group


async def test_archiving_ends_every_membership_and_refuses_all_that_follows(
    communicator: Caller, registry: Registry, stopini: NewGroup, clock: SteeredClock
) -> None:
    await registry.settle(12)
    group = (await communicator.post("/groups", stopini)).json()["id"]
    clock.advance(hours=1)
    answer = await communicator.post(f"/groups/{group}/archiving")
    assert (answer.status_code, answer.json()["state"]) == (200, "archived")
    assert answer.json()["members"] == {"count": None, "fewerThan": 10}
    assert (await registry.members(group), await registry.since(group)) == ([], {})
    last = (await registry.evaluations(group))[-1]
    assert (last.cause, last.left, last.finished_at) == ("archived", 12, clock.now)
    again = await communicator.post(f"/groups/{group}/archiving")
    edit = await communicator.put(f"/groups/{group}/rule", {"rule": ANYONE}, '"2"')
    assert [a.json()["code"] for a in (again, edit)] == ["group_archived"] * 2


async def test_the_audit_log_tells_who_saved_changed_and_archived_a_group(
    communicator: Caller, database: Database, stopini: NewGroup
) -> None:
    group = (await communicator.post("/groups", stopini)).json()["id"]
    await communicator.put(f"/groups/{group}/rule", {"rule": ANYONE}, '"1"')
    await communicator.post(f"/groups/{group}/archiving")
    async with database.read([ROPAZI]) as session:
        entries = await session.scalars(
            select(AuditEntry).where(AuditEntry.object_id == group).order_by(AuditEntry.id)
        )
        told = [(entry.action, entry.actor) for entry in entries]
    actor = f"staff:{communicator.subject_id}"
    actions = ("group.created", "group.rule_changed", "group.archived")
    assert told == [(action, actor) for action in actions]
