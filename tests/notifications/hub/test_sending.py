"""A campaign from draft to delivery: who gets what, and that the counters tell it."""

from datetime import UTC, datetime, timedelta

from backend.kernel.principals import PrincipalKind
from notifications.channels.ports import Channel
from tests.notifications.hub.town import LV, Town


async def test_an_approved_campaign_reaches_every_address_and_its_counters_balance(
    town: Town,
) -> None:
    token = (await town.controls[Channel.PUSH].new_tokens(1))[0]
    app = await town.app_of(town.residents[0])
    body = {"platform": "android", "token": token, "tokenKind": "fcm_token"}
    answer = await town.put(app, "/devices/0190b5b4-0000-7000-8000-000000000001", body)
    assert answer.status_code in {200, 201}, answer.text
    campaign = await town.draft()
    await town.send(campaign)
    await town.deliver()
    assert await town.counters(campaign) == {
        "inbox": {"delivered": 3},
        "push": {"accepted": 1, "suppressed": 2},
        "web_push": {"suppressed": 3},
        "email": {"accepted": 3},
        "sms": {"accepted": 3},
    }
    assert await town.state(campaign) == "sent"
    (push,) = await town.received(Channel.PUSH)
    assert (push["title"], push["body"], push["to"]) == (LV["title"], LV["body"], token)
    texts = {message["body"] for message in await town.received(Channel.SMS)}
    assert texts == {"Ūdens Stopiņos nav dzerams. Vāriet to."}


async def test_the_message_is_in_the_inbox_before_any_channel_announced_it(town: Town) -> None:
    await town.send(await town.draft())
    await town.plan()
    app = await town.app_of(town.residents[1])
    inbox = (await app.get("/inbox")).json()
    assert [(item["title"], item["openedAt"]) for item in inbox["items"]] == [(LV["title"], None)]
    assert inbox["unopened"] == 1
    assert await town.received(Channel.SMS) == []


async def test_preview_shows_what_sending_then_does(town: Town) -> None:
    await town.settle(5)
    await town.grow(2, contacts=False)
    campaign = await town.draft()
    shown = await town.preview(campaign)
    channels = {channel["channel"]: channel for channel in shown["channels"]}
    assert (
        channels["sms"]["deliveries"] + sum(channels["sms"]["excluded"].values())
        == shown["audience"]
    )
    assert (shown["audience"], channels["sms"]["excluded"]) == (10, {"no_address": 2})
    assert shown["sms"][0]["encoding"] == "ucs2"
    assert shown["costCents"] == shown["smsParts"] * 4
    assert shown["costAsPostCents"] == shown["audience"] * 235
    await town.send(campaign)
    await town.deliver()
    counters = await town.counters(campaign)
    assert counters["sms"]["accepted"] == channels["sms"]["deliveries"]


async def test_the_figures_of_a_few_people_are_not_shown(town: Town) -> None:
    shown = await town.preview(await town.draft())
    assert (shown["audience"], shown["fewerThan"]) == (None, 10)
    figures = ("smsParts", "costCents", "costAsPostCents")
    assert [shown[figure] for figure in figures] == [None, None, None]
    assert all((c["deliveries"], c["excluded"]) == (None, {}) for c in shown["channels"])
    assert [line["messages"] for line in shown["sms"]] == [None]


async def test_a_civic_message_waits_for_the_morning_and_an_alert_does_not(town: Town) -> None:
    town.clock.now = datetime(2026, 11, 20, 20, 30, tzinfo=UTC)  # 22:30 in Riga
    civic = await town.draft(messageClass="civic", severity=None, topic="roads")
    alert = await town.draft()
    await town.send(civic)
    await town.send(alert)
    await town.deliver()
    assert (await town.counters(civic))["sms"] == {"held": 3}
    assert (await town.counters(alert))["sms"] == {"accepted": 3}
    town.clock.now = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)  # 08:00 in Riga
    town.communicator = await town.sign_in(PrincipalKind.STAFF, ["communicator"])
    await town.deliver()
    assert (await town.counters(civic))["sms"] == {"accepted": 3}


async def test_an_opt_out_stops_a_civic_message_and_not_a_grave_alert(town: Town) -> None:
    app = await town.app_of(town.residents[0])
    for topic in ("roads", "safety"):
        answer = await town.put(app, f"/preferences/{topic}", {"channels": ["push"]})
        assert answer.status_code == 200, answer.text
    civic = await town.draft(messageClass="civic", severity=None, topic="roads")
    alert = await town.draft()
    await town.send(civic)
    await town.send(alert)
    await town.deliver()
    assert (await town.counters(civic))["sms"] == {"accepted": 2, "suppressed": 1}
    assert (await town.counters(alert))["sms"] == {"accepted": 3}


async def test_a_cancelled_campaign_sends_nothing_more_and_stays_in_the_inbox(town: Town) -> None:
    campaign = await town.draft()
    await town.send(campaign)
    await town.plan()
    answer = await town.communicator.post(f"/campaigns/{campaign}/cancellation")
    assert answer.json()["state"] == "cancelled"
    await town.deliver()
    assert (await town.counters(campaign))["email"] == {"cancelled": 3}
    assert (await town.counters(campaign))["inbox"] == {"delivered": 3}
    assert await town.received(Channel.EMAIL) == []


async def test_what_is_past_its_expiry_is_not_sent(town: Town) -> None:
    campaign = await town.draft(expiresAt=(town.clock() + timedelta(hours=2)).isoformat())
    await town.send(campaign)
    await town.plan()
    town.clock.now += timedelta(hours=3)
    await town.deliver()
    assert (await town.counters(campaign))["sms"] == {"expired": 3}
    assert await town.received(Channel.SMS) == []
