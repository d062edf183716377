"""Who may write, approve and send a campaign, and what an approval is bound to."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from backend.kernel.principals import PrincipalKind
from tests.notifications.hub.town import LV, SMS_LV, Town

REASON = {"breakGlassReason": "Ūdens piesārņots, otra darbinieka nav."}


async def test_the_writer_cannot_approve_their_own_campaign(town: Town) -> None:
    both = await town.sign_in(PrincipalKind.STAFF, ["communicator", "approver"])
    town.communicator = both
    campaign = await town.draft()
    await both.post(f"/campaigns/{campaign}/review")
    body = {"digest": (await town.preview(campaign))["digest"]}
    refused = await both.post(f"/campaigns/{campaign}/approval", body)
    assert (refused.status_code, refused.json()["code"]) == (403, "approver_wrote_campaign")
    allowed = await town.approver.post(f"/campaigns/{campaign}/approval", body)
    assert (allowed.status_code, allowed.json()["state"]) == (200, "approved")


async def test_one_person_alone_may_send_only_a_grave_alert_and_must_say_why(town: Town) -> None:
    alone = await town.sign_in(PrincipalKind.STAFF, ["communicator", "approver"])
    town.communicator = town.approver = alone
    alert = await town.draft()
    civic = await town.draft(messageClass="civic", severity=None, topic="roads")
    for campaign in (alert, civic):
        await alone.post(f"/campaigns/{campaign}/review")
    digest = {"digest": (await town.preview(alert))["digest"]}
    allowed = await alone.post(f"/campaigns/{alert}/approval", digest | REASON)
    assert allowed.status_code == 200
    digest = {"digest": (await town.preview(civic))["digest"]}
    refused = await alone.post(f"/campaigns/{civic}/approval", digest | REASON)
    assert refused.json()["code"] == "break_glass_not_allowed"


async def test_an_approval_is_refused_when_the_audience_has_changed_since_the_preview(
    town: Town,
) -> None:
    campaign = await town.draft()
    await town.communicator.post(f"/campaigns/{campaign}/review")
    seen = {"digest": (await town.preview(campaign))["digest"]}
    path = f"/groups/{town.group}/rule"
    anybody = {"op": ">=", "args": [{"property": "age"}, 150]}
    changed = await town.put(town.communicator, path, {"rule": anybody}, **{"if-match": '"1"'})
    assert changed.status_code == 200, changed.text
    refused = await town.approver.post(f"/campaigns/{campaign}/approval", seen)
    assert (refused.status_code, refused.json()["code"]) == (409, "campaign_changed")


async def test_an_edit_voids_the_approval(town: Town) -> None:
    campaign = await town.draft()
    await town.approve(campaign)
    body = town.campaign(name="Labots")
    path = f"/campaigns/{campaign}"
    edited = await town.put(town.communicator, path, body, **{"if-match": '"1"'})
    assert (edited.json()["state"], edited.json()["version"]) == ("draft", 2)
    refused = await town.communicator.post(f"{path}/sending")
    assert (refused.status_code, refused.json()["code"]) == (409, "campaign_state_conflict")


async def test_an_edit_of_an_older_version_is_refused(town: Town) -> None:
    campaign = await town.draft()
    path, body = f"/campaigns/{campaign}", town.campaign(name="Labots")
    first = await town.put(town.communicator, path, body, **{"if-match": "1"})
    assert first.status_code == 200
    second = await town.put(town.communicator, path, body, **{"if-match": "1"})
    assert (second.status_code, second.json()["code"]) == (412, "campaign_version_stale")


async def test_a_campaign_is_sent_once_however_often_it_is_asked(town: Town) -> None:
    campaign = await town.draft()
    await town.approve(campaign)
    path = f"/campaigns/{campaign}/sending"
    answers = await asyncio.gather(*(town.communicator.post(path) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [202, 409, 409, 409]
    await town.deliver()
    assert (await town.counters(campaign))["sms"] == {"accepted": 3}


async def test_the_same_idempotency_key_makes_one_campaign(town: Town) -> None:
    body, key = town.campaign(), "one-intention-0001"
    posts = (town.communicator.post("/campaigns", body, key) for _ in range(3))
    answers = await asyncio.gather(*posts)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    replays = [answer.headers.get("idempotency-replayed") for answer in answers]
    assert sorted(map(str, replays)) == ["None", "true", "true"]
    other = await town.communicator.post("/campaigns", town.campaign(name="Cita"), key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


async def test_a_new_price_holds_from_midnight_in_latvia(town: Town) -> None:
    town.clock.now = datetime(2025, 12, 31, 21, 0, tzinfo=UTC)  # 23:00 in Riga
    await town.grow(7)
    campaign = await town.draft(channels=["sms"])
    assert (await town.preview(campaign))["costCents"] == 0
    town.clock.advance(hours=1)
    assert (await town.preview(campaign))["costCents"] == 10 * 4


async def test_an_sms_is_measured_as_it_is_sent(town: Town) -> None:
    texts = {"lv": {"inbox": LV, "sms": {"title": "", "body": "ū" * 600}}}
    await town.draft(channels=["sms"], texts=texts, transliterateSms=True)
    refused = await town.communicator.post("/campaigns", town.campaign(texts=texts))
    assert refused.json()["code"] == "campaign_invalid"


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"severity": None}, "/severity", "severity_of_alert"),
        ({"messageClass": "commercial", "severity": None}, "/messageClass", "class_not_available"),
        ({"topic": "weather"}, "/topic", "unknown_topic"),
        ({"channels": ["inbox"]}, "/channels/0", "channel_not_chosen"),
        ({"channels": ["sms", "sms"]}, "/channels", "repeated"),
        ({"expiresAt": "2026-11-01T00:00:00Z"}, "/expiresAt", "expiry_out_of_range"),
        ({"texts": {"en": {"inbox": LV}}}, "/texts/lv", "text_missing"),
        (
            {"texts": {"lv": {"inbox": {"title": " ", "body": "b"}}}},
            "/texts/lv/inbox/title",
            "text_missing",
        ),
        (
            {"texts": {"lv": {"inbox": LV, "sms": {"title": "", "body": "ū" * 403}}}},
            "/texts/lv/sms/body",
            "text_too_long",
        ),
    ],
)
async def test_content_that_is_not_allowed_is_refused_with_a_pointer(
    town: Town, changes: dict[str, Any], pointer: str, code: str
) -> None:
    answer = await town.communicator.post("/campaigns", town.campaign(**changes))
    assert (answer.status_code, answer.json()["code"]) == (400, "campaign_invalid")
    assert [(f["pointer"], f["code"]) for f in answer.json()["errors"]] == [(pointer, code)]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"texts": {"lv": {"inbox": {"title": 1, "body": "b"}}}}, "/texts"),
        ({"unknown": 1}, ""),
        ({"severity": "Terrible"}, "/severity"),
        ({"texts": {"lv": {"inbox": LV, "sms": SMS_LV}, "english": {"inbox": LV}}}, "/texts"),
    ],
)
async def test_a_body_of_a_wrong_form_is_refused_with_a_pointer(
    town: Town, change: dict[str, Any], pointer: str
) -> None:
    answer = await town.communicator.post("/campaigns", town.campaign(**change))
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


async def test_staff_of_another_municipality_find_no_campaign(town: Town) -> None:
    campaign = await town.draft()
    stranger = await town.sign_in(
        PrincipalKind.STAFF, ["communicator", "approver"], municipality=9000
    )
    for path in ("", "/preview", "/counters"):
        answer = await stranger.get(f"/campaigns/{campaign}{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "campaign_not_found")
    for step in ("review", "sending", "cancellation"):
        assert (await stranger.post(f"/campaigns/{campaign}/{step}")).status_code == 404
    assert await town.state(campaign) == "draft"
