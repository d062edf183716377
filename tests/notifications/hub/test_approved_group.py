"""The group after the approval: what it may do, and what it must not change."""

from notifications.channels.ports import Channel
from tests.notifications.hub.town import Town

EVERYBODY = {"op": ">=", "args": [{"property": "age"}, 0]}


async def _widen(town: Town) -> None:
    path = f"/groups/{town.group}/rule"
    changed = await town.put(town.communicator, path, {"rule": EVERYBODY}, **{"if-match": '"1"'})
    assert changed.status_code == 200, changed.text


async def _archive(town: Town) -> None:
    answer = await town.communicator.post(f"/groups/{town.group}/archiving")
    assert answer.status_code == 200, answer.text


async def test_a_rule_changed_after_the_approval_cannot_be_sent_to(town: Town) -> None:
    campaign = await town.draft(channels=["sms"])
    await town.approve(campaign)
    await _widen(town)
    refused = await town.communicator.post(f"/campaigns/{campaign}/sending")
    assert (refused.status_code, refused.json()["code"]) == (409, "campaign_changed")
    assert await town.state(campaign) == "approved"


async def test_a_rule_changed_between_sending_and_planning_fails_the_campaign(town: Town) -> None:
    campaign = await town.draft(channels=["sms"])
    await town.send(campaign)
    await _widen(town)
    await town.deliver()
    assert await town.state(campaign) == "failed"
    assert await town.received(Channel.SMS) == []


async def test_a_group_archived_between_sending_and_planning_fails_the_campaign(
    town: Town,
) -> None:
    campaign = await town.draft(channels=["sms"])
    await town.send(campaign)
    await _archive(town)
    await town.deliver()
    assert await town.state(campaign) == "failed"
    assert await town.received(Channel.SMS) == []


async def test_people_who_join_the_group_after_the_approval_are_told_as_well(town: Town) -> None:
    campaign = await town.draft(channels=["sms"])
    await town.approve(campaign)
    await town.settle(1)
    await town.follow()
    answer = await town.communicator.post(f"/campaigns/{campaign}/sending")
    assert answer.status_code == 202, answer.text
    await town.deliver()
    assert (await town.counters(campaign))["sms"] == {"accepted": 4}


async def test_a_campaign_for_a_group_that_is_not_there_is_refused(town: Town) -> None:
    town.group = "0190b5b4-0000-7000-8000-000000000009"
    answer = await town.communicator.post("/campaigns", town.campaign())
    assert (answer.status_code, answer.json()["code"]) == (404, "group_not_found")


async def test_a_campaign_for_an_archived_group_is_refused_and_not_approved(town: Town) -> None:
    campaign = await town.draft()
    await town.communicator.post(f"/campaigns/{campaign}/review")
    digest = {"digest": (await town.preview(campaign))["digest"]}
    await _archive(town)
    draft = await town.communicator.post("/campaigns", town.campaign())
    approval = await town.approver.post(f"/campaigns/{campaign}/approval", digest)
    preview = await town.approver.get(f"/campaigns/{campaign}/preview")
    for answer in (draft, approval, preview):
        assert (answer.status_code, answer.json()["code"]) == (409, "group_archived")
