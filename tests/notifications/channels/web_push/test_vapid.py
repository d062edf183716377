"""The Web Push client against the Web Push simulator, which decrypts what it receives."""

from collections.abc import AsyncGenerator, Awaitable, Callable

import pytest

from backend.kernel.clock import system_clock
from backend.kernel.ids import new_id
from notifications.channels.ports import Endpoint, Misconfigured, Result, Sender
from notifications.channels.web_push.vapid.keys import VapidKey, generate_vapid_key
from notifications.channels.web_push.vapid.sender import vapid_sender
from tests.notifications.channels.servers import Control, RawServing, Write

Subscribe = Callable[..., Awaitable[Endpoint]]


@pytest.fixture(scope="module")
def key() -> VapidKey:
    """Give the application server's key."""
    return generate_vapid_key()


def sender_with(key: VapidKey, *, allow_private: bool = True, timeout: float = 5.0) -> Sender:
    """Make a sender."""
    return vapid_sender(
        key,
        contact="mailto:novads@example.org",
        concurrency=4,
        allow_private=allow_private,
        timeout_seconds=timeout,
    )


@pytest.fixture
async def sender(key: VapidKey) -> AsyncGenerator[Sender]:
    """Send to anywhere."""
    made = sender_with(key)
    yield made
    await made.close()


@pytest.fixture
def subscribe(web_push_control: Control, key: VapidKey) -> Subscribe:
    """Subscribe a browser, for our key unless another is named."""

    async def subscribing(public_key: str = key.public_base64url) -> Endpoint:
        (made,) = await web_push_control.make("subscriptions", count=1, vapidPublicKey=public_key)
        assert isinstance(made, dict)
        keys = made["keys"]
        return Endpoint(new_id(), made["endpoint"], (keys["p256dh"], keys["auth"]))

    return subscribing


async def test_the_browser_decrypts_the_text_as_it_was_written(
    sender: Sender, web_push_control: Control, subscribe: Subscribe, write: Write
) -> None:
    item = write(await subscribe())
    (outcome,) = await sender.send([item])
    assert outcome.result is Result.ACCEPTED
    (message,) = await web_push_control.messages()
    assert message["to"] == item.endpoints[0].value
    assert message["data"] == {
        "messageId": str(item.message_id),
        "title": item.title,
        "body": item.body,
        "link": item.link,
        "lang": "lv",
    }


async def test_a_repeat_carries_the_same_topic(
    sender: Sender, web_push_control: Control, subscribe: Subscribe, write: Write
) -> None:
    item = write(await subscribe())
    await sender.send([item])
    await sender.send([item])
    first, second = await web_push_control.messages()
    assert first["topic"] == second["topic"]
    assert 0 < len(str(first["topic"])) <= 32
    assert (await web_push_control.summary())["duplicates"] == 1


@pytest.mark.parametrize(("urgent", "urgency"), [(True, "high"), (False, "normal")])
async def test_urgency_and_time_to_live_come_from_the_message(
    sender: Sender,
    web_push_control: Control,
    subscribe: Subscribe,
    write: Write,
    *,
    urgent: bool,
    urgency: str,
) -> None:
    item = write(await subscribe(), urgent=urgent)
    await sender.send([item])
    (message,) = await web_push_control.messages()
    assert message["urgency"] == urgency
    left = (item.expires_at - system_clock()).total_seconds()
    assert isinstance(message["ttl"], int)
    assert left - 1 <= message["ttl"] <= left + 10


async def test_a_dead_subscription_is_named_and_a_living_one_is_enough(
    sender: Sender, web_push_control: Control, subscribe: Subscribe, write: Write
) -> None:
    dead, living = await subscribe(), await subscribe()
    await web_push_control.behave("dead", targets=[dead.value])
    (outcome,) = await sender.send([write(dead, living)])
    assert (outcome.result, outcome.dead) == (Result.ACCEPTED, (dead.id,))


@pytest.mark.parametrize(
    ("mode", "result", "reason"),
    [
        ("dead", Result.FAILED, "endpoint_dead"),
        ("throttle", Result.RETRY, "throttled"),
        ("error", Result.RETRY, "provider_unavailable"),
        ("drop", Result.UNKNOWN, "answer_lost"),
        ("slow", Result.ACCEPTED, ""),
    ],
)
async def test_each_behaviour_of_a_push_service_has_one_meaning(
    sender: Sender,
    web_push_control: Control,
    subscribe: Subscribe,
    write: Write,
    mode: str,
    result: Result,
    reason: str,
) -> None:
    endpoint = await subscribe()
    await web_push_control.behave(mode, delaySeconds=0.1, retryAfterSeconds=9)
    (outcome,) = await sender.send([write(endpoint)])
    assert (outcome.result, outcome.reason) == (result, reason)
    assert outcome.retry_after_seconds == (9 if mode == "throttle" else None)
    assert outcome.dead == ((endpoint.id,) if mode == "dead" else ())


async def test_an_answer_slower_than_our_patience_is_unknown(
    key: VapidKey, web_push_control: Control, subscribe: Subscribe, write: Write
) -> None:
    endpoint = await subscribe()
    await web_push_control.behave("slow", delaySeconds=3)
    impatient = sender_with(key, timeout=0.3)
    (outcome,) = await impatient.send([write(endpoint)])
    await impatient.close()
    assert (outcome.result, outcome.reason) == (Result.UNKNOWN, "answer_lost")


async def test_a_key_that_the_browsers_did_not_subscribe_to_is_an_alarm_and_keeps_them(
    web_push_control: Control, subscribe: Subscribe, write: Write
) -> None:
    endpoint = await subscribe()
    stranger = sender_with(generate_vapid_key())
    with pytest.raises(Misconfigured, match="credentials_refused"):
        await stranger.send([write(endpoint)])
    await stranger.close()
    assert (await web_push_control.summary())["received"] == 0


async def test_one_service_that_refuses_us_does_not_stop_the_others(
    sender: Sender, subscribe: Subscribe, write: Write
) -> None:
    ours = await subscribe()
    others = await subscribe(generate_vapid_key().public_base64url)
    refused, taken = await sender.send([write(others), write(ours)])
    assert (refused.result, refused.reason) == (Result.RETRY, "credentials_refused")
    assert taken.result is Result.ACCEPTED


async def test_a_closed_port_means_that_nothing_was_sent(
    sender: Sender, subscribe: Subscribe, write: Write, free_port: int
) -> None:
    endpoint = await subscribe()
    moved = Endpoint(endpoint.id, f"http://127.0.0.1:{free_port}/push/x", endpoint.keys)
    (outcome,) = await sender.send([write(moved)])
    assert (outcome.result, outcome.reason) == (Result.RETRY, "not_connected")


@pytest.mark.parametrize(
    "address",
    [
        "http://push.example.org/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://10.0.0.5/x",
        "https://169.254.169.254/latest",
        "https://[::ffff:192.168.1.1]/x",
        "https://user:secret@push.example.org/x",
        "https://localhost/x",
    ],
)
async def test_in_production_no_private_address_is_called(
    key: VapidKey, subscribe: Subscribe, write: Write, address: str
) -> None:
    careful = sender_with(key, allow_private=False)
    endpoint = Endpoint(new_id(), address, (await subscribe()).keys)
    (outcome,) = await careful.send([write(endpoint)])
    await careful.close()
    assert (outcome.result, outcome.reason) == (Result.FAILED, "endpoint_private")
    assert outcome.dead == (endpoint.id,)


@pytest.mark.parametrize(
    ("address", "keys"),
    [
        ("not an address", None),
        ("https://push.example.org/a b", None),
        ("https://push.example.org/\r\nX: y", None),
        (None, ("", "")),
        (None, ("AAAA", "AAAA")),
        (None, ("é", "é")),
    ],
)
async def test_a_malformed_subscription_is_removed(
    sender: Sender,
    subscribe: Subscribe,
    write: Write,
    address: str | None,
    keys: tuple[str, str] | None,
) -> None:
    sound = await subscribe()
    endpoint = Endpoint(new_id(), address or sound.value, keys or sound.keys)
    (outcome,) = await sender.send([write(endpoint)])
    assert (outcome.result, outcome.reason) == (Result.FAILED, "endpoint_invalid")
    assert outcome.dead == (endpoint.id,)


async def test_a_text_too_long_for_push_services_arrives_shortened(
    sender: Sender, web_push_control: Control, subscribe: Subscribe, write: Write
) -> None:
    (outcome,) = await sender.send([write(await subscribe(), body='"Ķ" ' * 3000)])
    assert outcome.result is Result.ACCEPTED
    (message,) = await web_push_control.messages()
    assert str(message["body"]).endswith("…")


async def test_a_redirect_is_not_followed_and_an_endless_answer_not_read_to_the_end(
    sender: Sender, subscribe: Subscribe, write: Write, raw_http: RawServing
) -> None:
    keys = (await subscribe()).keys
    redirect = b"HTTP/1.1 307 Go\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    endless = b"HTTP/1.1 201 Created\r\n\r\n" + b"x" * 200_000
    async with raw_http([redirect]) as first, raw_http([endless]) as second:
        outcomes = await sender.send(
            [write(Endpoint(new_id(), f"{server.url}/p", keys)) for server in (first, second)]
        )
    assert [outcome.result for outcome in outcomes] == [Result.FAILED, Result.ACCEPTED]
