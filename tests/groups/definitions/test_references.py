"""Groups refer to other groups: within their purpose, never in a circle, at most five steps."""

import asyncio
from typing import Any

from sqlalchemy import update

from backend.kernel.db import Database
from backend.kernel.ids import new_id
from backend.kernel.principals import PrincipalKind
from backend.kernel.tenancy import MunicipalityId
from groups.tables import ResidentGroup
from tests.drivers.people import ROPAZI, Caller, SignIn
from tests.groups.community import Imported, NewGroup, OfParish, Registry

Json = dict[str, Any]


def in_group(group: str) -> Json:
    """Write the rule of who belongs to another group."""
    return {"op": "in_group", "args": [group]}


def all_of(*rules: Json) -> Json:
    """Write the rule that all of these hold."""
    return {"op": "and", "args": list(rules)}


async def saved(communicator: Caller, group: NewGroup, rule: Json) -> str:
    """Save a group with a rule."""
    answer = await communicator.post("/groups", {**group, "rule": rule})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def fault(communicator: Caller, group: NewGroup, rule: Json) -> tuple[str, str]:
    """Save a group that is refused, and give the pointer and the code of the one fault."""
    answer = await communicator.post("/groups", {**group, "rule": rule})
    assert (answer.status_code, answer.json()["code"]) == (400, "rule_invalid")
    [told] = answer.json()["errors"]
    return told["pointer"], told["code"]


async def test_a_group_of_a_group_follows_it_on_the_same_day(
    communicator: Caller,
    registry: Registry,
    imported: Imported,
    stopini: NewGroup,
) -> None:
    staying, leaving = await registry.settle(3), await registry.settle(2)
    first = await saved(communicator, stopini, stopini["rule"])
    second = await saved(communicator, stopini, in_group(first))
    third = await saved(communicator, stopini, {"op": "not", "args": [in_group(second)]})
    assert await registry.members(second) == sorted(staying + leaving)
    assert await registry.members(third) == []
    await registry.close(leaving)
    joining = await registry.settle(4)
    strangers = await registry.settle(1, "Ropažu pagasts")
    await imported()
    assert await registry.members(second) == sorted(staying + joining)
    assert await registry.members(third) == strangers


async def test_a_group_of_a_held_group_sees_the_members_that_it_still_has(
    communicator: Caller, registry: Registry, imported: Imported, stopini: NewGroup
) -> None:
    leaving, staying = await registry.settle(150), await registry.settle(250)
    more = await registry.settle(100)
    first = await saved(communicator, stopini, stopini["rule"])
    second = await saved(communicator, stopini, in_group(first))
    await registry.close(leaving + more)
    await imported()
    assert (await communicator.get(f"/groups/{first}")).json()["state"] == "held"
    assert (await communicator.get(f"/groups/{second}")).json()["state"] == "held"
    assert await registry.members(second) == sorted(leaving + staying + more)


async def test_a_reference_to_what_is_not_there_is_refused_at_its_spot(
    communicator: Caller, sign_in: SignIn, stopini: NewGroup, of_parish: OfParish
) -> None:
    elsewhere = await sign_in(
        PrincipalKind.STAFF, ["communicator"], municipality=MunicipalityId(9000)
    )
    foreign = await saved(elsewhere, stopini, stopini["rule"])
    archived = await saved(communicator, stopini, stopini["rule"])
    await communicator.post(f"/groups/{archived}/archiving")
    for group in (foreign, archived, str(new_id())):
        rule = all_of(of_parish("Ropažu pagasts"), in_group(group))
        assert await fault(communicator, stopini, rule) == ("/rule/args/1", "unknown_group")


async def test_groups_refer_to_one_another_at_most_five_times(
    communicator: Caller, stopini: NewGroup
) -> None:
    groups = [await saved(communicator, stopini, stopini["rule"])]
    for _ in range(5):
        groups.append(await saved(communicator, stopini, in_group(groups[-1])))
    told = await fault(communicator, stopini, in_group(groups[-1]))
    assert told == ("/rule", "groups_too_deep")
    below = await saved(communicator, stopini, stopini["rule"])
    body = {"rule": in_group(below)}
    answer = await communicator.put(f"/groups/{groups[0]}/rule", body, '"1"')
    assert answer.json()["errors"][0]["code"] == "groups_too_deep"
    answer = await communicator.put(f"/groups/{groups[1]}/rule", body, '"1"')
    assert answer.status_code == 200


async def test_a_circle_is_refused_however_wide(communicator: Caller, stopini: NewGroup) -> None:
    first = await saved(communicator, stopini, stopini["rule"])
    second = await saved(communicator, stopini, in_group(first))
    third = await saved(communicator, stopini, {"op": "not", "args": [in_group(second)]})
    for named in (first, second, third):
        body = {"rule": all_of(stopini["rule"], in_group(named))}
        answer = await communicator.put(f"/groups/{first}/rule", body, '"1"')
        [told] = answer.json()["errors"]
        assert (told["pointer"], told["code"]) == ("/rule/args/1", "group_cycle")


async def test_two_who_close_a_circle_at_once_do_not_both_succeed(
    communicator: Caller, stopini: NewGroup
) -> None:
    first = await saved(communicator, stopini, stopini["rule"])
    second = await saved(communicator, stopini, stopini["rule"])
    answers = await asyncio.gather(
        communicator.put(f"/groups/{first}/rule", {"rule": in_group(second)}, '"1"'),
        communicator.put(f"/groups/{second}/rule", {"rule": in_group(first)}, '"1"'),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 400]


async def test_a_purpose_may_not_be_got_round_by_way_of_other_groups(
    communicator: Caller, stopini: NewGroup
) -> None:
    needy = {"op": "a_overlaps", "args": [{"property": "social_statuses"}, ["low_income"]]}
    assert (await fault(communicator, stopini, needy))[1] == "outside_purpose"
    support = {**stopini, "purpose": "social_support"}
    special = await saved(communicator, support, needy)
    between = await saved(communicator, support, in_group(special))
    assert await fault(communicator, stopini, in_group(between)) == ("/rule", "outside_purpose")
    assert await saved(communicator, support, in_group(between))


async def test_a_group_of_an_archived_group_is_invalid_and_keeps_its_members(
    communicator: Caller, registry: Registry, imported: Imported, stopini: NewGroup
) -> None:
    residents = await registry.settle(3)
    first = await saved(communicator, stopini, stopini["rule"])
    second = await saved(communicator, stopini, in_group(first))
    await communicator.post(f"/groups/{first}/archiving")
    await imported()
    invalid = (await communicator.get(f"/groups/{second}")).json()
    reason = {"code": "group_archived", "pointer": "", "detail": first}
    assert (invalid["state"], invalid["stateReason"]) == ("invalid", [reason])
    assert await registry.members(second) == sorted(residents)


async def test_a_rule_that_its_purpose_may_not_ask_any_more_is_invalid(
    communicator: Caller,
    registry: Registry,
    database: Database,
    imported: Imported,
    stopini: NewGroup,
) -> None:
    needy = {"op": "a_overlaps", "args": [{"property": "social_statuses"}, ["low_income"]]}
    await registry.settle(1)
    group = await saved(communicator, {**stopini, "purpose": "social_support"}, needy)
    async with database.write([ROPAZI]) as session:
        await session.execute(update(ResidentGroup).values(purpose="services"))
    await imported()
    invalid = (await communicator.get(f"/groups/{group}")).json()
    assert invalid["state"] == "invalid"
    assert {reason["code"] for reason in invalid["stateReason"]} == {"outside_purpose"}
