"""The FCM client against the FCM simulator."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from backend.adapters.simulators.run import Simulators
from backend.kernel.clock import system_clock
from notifications.channels.ports import Misconfigured, Result, Sender
from notifications.channels.push.fcm.sender import fcm_sender
from tests.notifications.channels.servers import Control, Write


@pytest.fixture
async def sender(simulators: Simulators) -> AsyncGenerator[Sender]:
    """Send to the simulator."""
    made = fcm_sender(
        simulators.fcm.service_account,
        endpoint=simulators.fcm.url,
        concurrency=4,
        timeout_seconds=5,
    )
    yield made
    await made.close()


@pytest.fixture
async def tokens(fcm_control: Control) -> list[str]:
    """Name three devices."""
    return [str(token) for token in await fcm_control.make("tokens", count=3)]


async def test_the_phone_gets_the_text_as_it_was_written(
    sender: Sender, fcm_control: Control, tokens: list[str], write: Write
) -> None:
    item = write(tokens[0], urgent=True)
    (outcome,) = await sender.send([item])
    assert outcome.result is Result.ACCEPTED
    assert outcome.provider_ref.startswith("projects/")
    (message,) = await fcm_control.messages()
    assert (message["to"], message["title"], message["body"]) == (tokens[0], item.title, item.body)
    assert message["data"] == {"messageId": str(item.message_id), "link": item.link}


async def test_a_repeat_carries_the_same_collapse_ids(
    sender: Sender, fcm_control: Control, tokens: list[str], write: Write
) -> None:
    item = write(tokens[0])
    await sender.send([item])
    await sender.send([item])
    first, second = await fcm_control.messages()
    for message in (first, second):
        assert message["collapseId"] == message["apnsCollapseId"] == str(item.message_id)
        android = message["android"]
        assert isinstance(android, dict)
        assert android["notification"]["tag"] == str(item.message_id)
    assert (await fcm_control.summary())["duplicates"] == 1


@pytest.mark.parametrize(
    ("urgent", "android", "apple"), [(True, "high", "10"), (False, "normal", "5")]
)
async def test_urgency_and_expiry_reach_both_platforms(
    sender: Sender,
    fcm_control: Control,
    tokens: list[str],
    write: Write,
    *,
    urgent: bool,
    android: str,
    apple: str,
) -> None:
    item = write(tokens[0], urgent=urgent)
    await sender.send([item])
    (message,) = await fcm_control.messages()
    assert message["priority"] == android
    left = (item.expires_at - system_clock()).total_seconds()
    assert isinstance(message["ttl"], int)
    assert left - 1 <= message["ttl"] <= left + 10
    apns = message["apns"]
    assert isinstance(apns, dict)
    assert apns["headers"]["apns-priority"] == apple
    assert apns["headers"]["apns-expiration"] == str(int(item.expires_at.timestamp()))


async def test_many_messages_use_one_access_token(
    sender: Sender, fcm_control: Control, tokens: list[str], write: Write
) -> None:
    outcomes = await sender.send([write(tokens[n % 3]) for n in range(40)])
    assert {outcome.result for outcome in outcomes} == {Result.ACCEPTED}
    summary = await fcm_control.summary()
    assert (summary["received"], summary["duplicates"]) == (40, 0)


async def test_a_revoked_access_token_is_renewed_without_anyone_noticing(
    sender: Sender, http: ClientSession, tokens: list[str], write: Write, simulators: Simulators
) -> None:
    await sender.send([write(tokens[0])])
    async with http.delete(f"{simulators.fcm.url}/_control/access-tokens") as answer:
        assert answer.status == 204
    (outcome,) = await sender.send([write(tokens[0])])
    assert outcome.result is Result.ACCEPTED


async def test_one_living_device_is_enough_and_the_dead_one_is_named(
    sender: Sender, fcm_control: Control, tokens: list[str], write: Write
) -> None:
    await fcm_control.behave("dead", targets=[tokens[0]])
    item = write(*tokens)
    (outcome,) = await sender.send([item])
    assert outcome.result is Result.ACCEPTED
    assert outcome.dead == (item.endpoints[0].id,)


async def test_a_resident_with_only_dead_devices_is_not_reached(
    sender: Sender, fcm_control: Control, tokens: list[str], write: Write
) -> None:
    await fcm_control.behave("dead")
    item = write(tokens[0], tokens[1])
    (outcome,) = await sender.send([item])
    assert (outcome.result, outcome.reason) == (Result.FAILED, "endpoint_dead")
    assert outcome.dead == tuple(endpoint.id for endpoint in item.endpoints)


async def test_a_malformed_token_is_removed(sender: Sender, write: Write) -> None:
    item = write("not a token")
    (outcome,) = await sender.send([item])
    assert (outcome.result, outcome.reason) == (Result.FAILED, "endpoint_invalid")
    assert outcome.dead == (item.endpoints[0].id,)


async def test_throttling_says_when_to_come_again(
    sender: Sender, fcm_control: Control, tokens: list[str], write: Write
) -> None:
    await fcm_control.behave("throttle", retryAfterSeconds=17)
    (outcome,) = await sender.send([write(tokens[0])])
    assert (outcome.result, outcome.reason) == (Result.RETRY, "throttled")
    assert outcome.retry_after_seconds == 17


async def test_an_overloaded_service_is_asked_once_and_left_alone(
    sender: Sender, fcm_control: Control, tokens: list[str], write: Write
) -> None:
    await fcm_control.behave("error")
    (outcome,) = await sender.send([write(tokens[0])])
    assert (outcome.result, outcome.reason) == (Result.RETRY, "provider_unavailable")
    assert outcome.retry_after_seconds == 10
    assert outcome.dead == ()
    assert (await fcm_control.summary())["refused"] == 1


async def test_a_lost_answer_is_unknown_and_nothing_is_sent_twice(
    sender: Sender, fcm_control: Control, tokens: list[str], write: Write
) -> None:
    await fcm_control.behave("drop")
    (outcome,) = await sender.send([write(tokens[0])])
    assert (outcome.result, outcome.reason) == (Result.UNKNOWN, "answer_lost")
    assert (await fcm_control.summary())["received"] == 1


async def test_a_slow_answer_is_waited_for(
    sender: Sender, fcm_control: Control, tokens: list[str], write: Write
) -> None:
    await fcm_control.behave("slow", delaySeconds=0.2)
    (outcome,) = await sender.send([write(tokens[0])])
    assert outcome.result is Result.ACCEPTED


async def test_an_answer_slower_than_our_patience_is_unknown(
    simulators: Simulators, fcm_control: Control, tokens: list[str], write: Write
) -> None:
    await fcm_control.behave("slow", delaySeconds=3)
    impatient = fcm_sender(
        simulators.fcm.service_account,
        endpoint=simulators.fcm.url,
        concurrency=1,
        timeout_seconds=0.3,
    )
    (outcome,) = await impatient.send([write(tokens[0])])
    await impatient.close()
    assert (outcome.result, outcome.reason) == (Result.UNKNOWN, "answer_lost")


async def test_a_closed_port_means_that_nothing_was_sent(
    simulators: Simulators, tokens: list[str], write: Write, free_port: int
) -> None:
    lost = fcm_sender(
        simulators.fcm.service_account,
        endpoint=f"http://127.0.0.1:{free_port}",
        concurrency=1,
        timeout_seconds=5,
    )
    (outcome,) = await lost.send([write(tokens[0])])
    await lost.close()
    assert (outcome.result, outcome.reason) == (Result.RETRY, "not_connected")


async def test_a_text_too_long_for_fcm_arrives_shortened(
    sender: Sender, fcm_control: Control, tokens: list[str], write: Write
) -> None:
    (outcome,) = await sender.send([write(tokens[0], body='"Ķ" ' * 3000)])
    assert outcome.result is Result.ACCEPTED
    (message,) = await fcm_control.messages()
    assert str(message["body"]).endswith("…")


async def test_a_key_of_another_project_is_an_alarm(
    simulators: Simulators, tokens: list[str], write: Write, tmp_path: Path
) -> None:
    text = simulators.fcm.service_account.read_text()
    foreign = tmp_path / "foreign.json"
    foreign.write_text(text.replace("firebase-adminsdk@", "stranger@"))
    stranger = fcm_sender(foreign, endpoint=simulators.fcm.url, concurrency=1)
    with pytest.raises(Misconfigured, match="credentials_refused"):
        await stranger.send([write(tokens[0])])
    await stranger.close()
