"""A resident asks why they were sent a message, also long after rule and membership changed."""

from tests.drivers.people import Caller
from tests.notifications.hub.town import Town

ROPAZI_PARISH = {"op": "=", "args": [{"property": "parish"}, "Ropažu pagasts"]}


async def message_of(app: Caller) -> str:
    """Name the newest message of an inbox."""
    return str((await app.get("/inbox")).json()["items"][0]["id"])


async def test_an_old_message_is_explained_by_the_rule_as_it_was_when_it_was_sent(
    town: Town,
) -> None:
    await town.send(await town.draft())
    await town.plan()
    app = await town.app_of(town.residents[0])
    message = await message_of(app)
    town.clock.advance(hours=1)
    path = f"/groups/{town.group}/rule"
    changed = await town.put(town.communicator, path, {"rule": ROPAZI_PARISH}, **{"if-match": "1"})
    assert changed.status_code == 200, changed.text
    answer = await app.get(f"/inbox/{message}/why")
    assert answer.status_code == 200, answer.text
    why = answer.json()
    assert why["asOf"] == "2026-11-20"
    [source] = why["sources"]
    assert (source["kind"], source["certain"], source["ruleVersion"]) == ("group", True, 1)
    assert source["text"]["lv"] == "pagasts: „Stopiņu pagasts”"


async def test_another_residents_message_is_not_explained(town: Town) -> None:
    await town.send(await town.draft())
    await town.plan()
    message = await message_of(await town.app_of(town.residents[0]))
    other = await town.app_of(town.residents[1])
    answer = await other.get(f"/inbox/{message}/why")
    assert (answer.status_code, answer.json()["code"]) == (404, "message_not_found")


async def test_a_list_of_residents_is_told_as_what_it_is(town: Town) -> None:
    body = {"residents": [str(each) for each in town.residents], "purpose": "safety"}
    frozen = await town.communicator.post("/audiences", body)
    assert frozen.status_code == 201, frozen.text
    await town.send(await town.draft(groupId=None, audienceId=frozen.json()["id"]))
    await town.plan()
    app = await town.app_of(town.residents[2])
    why = (await app.get(f"/inbox/{await message_of(app)}/why")).json()
    assert [(each["kind"], each["certain"]) for each in why["sources"]] == [("list", True)]
