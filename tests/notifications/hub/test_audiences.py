"""Campaigns for frozen audiences, and what an audience's nature means for sending."""

from typing import Any

import pytest
from sqlalchemy import func, select

from backend.kernel.ids import new_id
from backend.kernel.personal_data import vault_from_secret
from backend.kernel.principals import PrincipalKind
from backend.kernel.tenancy import MunicipalityId
from groups.tables import AudienceRecipient
from notifications.campaigns.preview import CampaignPreview, digest
from notifications.tables import Campaign, Message
from tests.drivers.people import ROPAZI
from tests.groups.audiences.freezing import frozen, group_of, put_into_state
from tests.groups.previews.asking import at_least, both, female, parish, preview
from tests.groups.townsfolk import Facts, Townsfolk
from tests.notifications.hub.town import Town

REASON = {"breakGlassReason": "Ūdens piesārņots, otra darbinieka nav."}
POOR = {"op": "a_contains", "args": [{"property": "social_statuses"}, ["low_income"]]}
OTHER = "Ropažu pagasts"


def townsfolk(town: Town) -> Townsfolk:
    """Settle residents with chosen facts in the town."""
    return Townsfolk(town.database, town.vault)


async def draft_for(town: Town, audience: str) -> str:
    """Write a campaign for an audience."""
    return await town.draft(groupId=None, audienceId=audience, channels=["sms"])


async def counted(town: Town, table: Any) -> int:  # noqa: ANN401 - one of two models
    """Count the rows of a table."""
    async with town.database.read([ROPAZI]) as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_the_count_equals_the_recipients_and_the_messages(town: Town) -> None:
    await town.settle(12)
    strangers = await townsfolk(town).settle(40, Facts(parish=OTHER))
    group = await group_of(town.communicator, parish())
    audience = await frozen(
        town.communicator, include=[group["id"]], rule=parish(OTHER), purpose="safety"
    )
    campaign = await draft_for(town, audience["id"])
    await town.send(campaign)
    # Who moves out now was frozen before, and who moves in was not.
    await townsfolk(town).strike_off(strangers[:2])
    await townsfolk(town).settle(5)
    await town.deliver()
    assert await town.state(campaign) == "sent"
    assert audience["count"] == 55
    assert await counted(town, AudienceRecipient) == await counted(town, Message) == 55
    shown = (await town.communicator.get(f"/campaigns/{campaign}/counters")).json()
    assert shown["recipients"] == 55


async def test_an_audience_may_be_sent_to_twice_and_its_recipients_are_written_once(
    town: Town,
) -> None:
    await town.settle(12)
    audience = await frozen(town.communicator, rule=parish(), purpose="safety")
    for _ in range(2):
        await town.send(await draft_for(town, audience["id"]))
    await town.deliver()
    assert await counted(town, AudienceRecipient) == 15
    assert await counted(town, Message) == 30


async def test_a_campaign_tells_for_which_audience_it_is(town: Town) -> None:
    audience = await frozen(town.communicator, rule=parish(), purpose="safety")
    campaign = await draft_for(town, audience["id"])
    shown = (await town.communicator.get(f"/campaigns/{campaign}")).json()
    assert (shown["audienceId"], shown["groupId"]) == (audience["id"], None)
    body = town.campaign()
    edited = await town.put(
        town.communicator, f"/campaigns/{campaign}", body, **{"if-match": '"1"'}
    )
    assert (edited.json()["audienceId"], edited.json()["groupId"]) == (None, town.group)


async def test_a_campaign_is_for_either_a_group_or_an_audience(town: Town) -> None:
    audience = await frozen(town.communicator, rule=parish(), purpose="safety")
    for body in (town.campaign(groupId=None), town.campaign(audienceId=audience["id"])):
        answer = await town.communicator.post("/campaigns", body)
        assert (answer.status_code, answer.json()["code"]) == (400, "campaign_invalid")
        assert answer.json()["errors"][0]["code"] == "one_target"


async def test_an_audience_of_nobody_or_of_elsewhere_is_not_found(town: Town) -> None:
    stranger = await town.sign_in(
        PrincipalKind.STAFF, ["communicator"], municipality=MunicipalityId(1000)
    )
    theirs = await frozen(stranger, rule=at_least(0), purpose="safety")
    for audience in (theirs["id"], str(new_id())):
        body = town.campaign(groupId=None, audienceId=audience)
        answer = await town.communicator.post("/campaigns", body)
        assert (answer.status_code, answer.json()["code"]) == (404, "audience_not_found")


async def test_an_approval_is_bound_to_the_audience(town: Town) -> None:
    first, second = [
        await frozen(town.communicator, rule=parish(), purpose="safety") for _ in range(2)
    ]
    campaigns = [await draft_for(town, each["id"]) for each in (first, second)]
    for campaign in campaigns:
        await town.communicator.post(f"/campaigns/{campaign}/review")
    digests = [(await town.preview(campaign))["digest"] for campaign in campaigns]
    assert digests[0] != digests[1]
    crossed = await town.approver.post(
        f"/campaigns/{campaigns[0]}/approval", {"digest": digests[1]}
    )
    assert (crossed.status_code, crossed.json()["code"]) == (409, "campaign_changed")


async def test_of_an_audience_whose_count_was_withheld_a_campaign_shows_no_figures(
    town: Town,
) -> None:
    await townsfolk(town).settle(20, Facts(parish=OTHER, sex="female"))
    await townsfolk(town).settle(3, Facts(parish=OTHER, sex="male"))
    await townsfolk(town).settle(30, Facts(parish="Vangažu pilsēta"))
    assert (await preview(town.communicator, parish(OTHER)))["count"] == 23
    audience = await frozen(town.communicator, rule=both(parish(OTHER), female()))
    assert audience["withheld"] is True
    shown = await town.preview(await draft_for(town, audience["id"]))
    assert (shown["audience"], shown["fewerThan"], shown["costCents"]) == (None, None, None)
    assert {line["deliveries"] for line in shown["channels"]} == {None}


async def test_a_few_by_address_alone_may_be_sent_to_by_one_person_in_an_emergency(
    town: Town,
) -> None:
    audience = await frozen(town.communicator, rule=parish(), purpose="safety")
    assert (audience["fewerThan"], audience["byPlaceAlone"]) == (10, True)
    answer = await _alone(town, await draft_for(town, audience["id"]))
    assert answer == (200, "approved")


async def test_by_special_categories_nobody_sends_alone_not_even_in_an_emergency(
    town: Town,
) -> None:
    await townsfolk(town).settle(12, Facts(social_statuses=("low_income",)))
    group = await group_of(town.communicator, POOR, "social_support")
    audience = await frozen(town.communicator, rule=POOR, purpose="social_support")
    assert audience["sensitivity"] == "special"
    for campaign in (
        await draft_for(town, audience["id"]),
        await town.draft(groupId=group["id"]),
    ):
        assert await _alone(town, campaign) == (403, "break_glass_special")
        body = {"digest": (await town.preview(campaign))["digest"]}
        answer = await town.approver.post(f"/campaigns/{campaign}/approval", body)
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("state", ["held", "invalid"])
async def test_a_group_that_waits_for_a_person_is_not_sent_to(town: Town, state: str) -> None:
    approved, sent = [await town.draft(channels=["sms"]) for _ in range(2)]
    await town.approve(approved)
    await town.send(sent)
    await put_into_state(town.database, town.group, state)
    for answer in (
        await town.communicator.post("/campaigns", town.campaign()),
        await town.communicator.post(f"/campaigns/{approved}/sending"),
        await town.approver.get(f"/campaigns/{approved}/preview"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, f"group_{state}")
    await town.deliver()
    assert await town.state(sent) == "failed"
    assert await counted(town, Message) == 0


async def _alone(town: Town, campaign: str) -> tuple[int, str]:
    """Break the glass: hand in and approve alone; gives the status and the state or the code."""
    alone = await town.sign_in(PrincipalKind.STAFF, ["communicator", "approver"])
    await alone.post(f"/campaigns/{campaign}/review")
    body = {"digest": (await town.preview(campaign))["digest"]} | REASON
    answer = await alone.post(f"/campaigns/{campaign}/approval", body)
    content = answer.json()
    return answer.status_code, content.get("state") or content["code"]


async def test_no_figure_is_shown_of_a_group_whose_size_is_withheld(town: Town) -> None:
    await town.settle(12)
    await townsfolk(town).settle(3, Facts(parish=OTHER))
    group = await group_of(town.communicator, parish())
    assert group["members"] == {"count": None, "fewerThan": None}
    campaign = await town.draft(groupId=group["id"])
    shown = await town.preview(campaign)
    assert (shown["audience"], shown["fewerThan"], shown["costAsPostCents"]) == (None, None, None)
    assert {line["deliveries"] for line in shown["channels"]} == {None}


def test_hidden_figures_cannot_be_found_by_trying_all_digests() -> None:
    shown = CampaignPreview(3, None, [], [], 0, 0, 9, "")
    ours, theirs = (vault_from_secret(secret * 32) for secret in "ab")
    assert digest(Campaign(), 1, shown, ours) == digest(Campaign(), 1, shown, ours)
    assert digest(Campaign(), 1, shown, ours) != digest(Campaign(), 1, shown, theirs)
