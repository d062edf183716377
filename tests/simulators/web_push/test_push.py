"""Pushing to browsers."""

import json
from collections.abc import Awaitable, Callable, Mapping

import pytest
from aiohttp import ServerDisconnectedError
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from backend.adapters.simulators.behaviours import Behaviour, Mode
from backend.adapters.simulators.control_client import BrowserSubscription, ControlClient
from backend.adapters.simulators.run import Simulators
from backend.kernel.clock import Clock

Push = Callable[..., Awaitable[tuple[int, Mapping[str, str]]]]


async def test_what_pywebpush_encrypts_and_py_vapid_signs_is_read_as_the_browser_would(
    push: Push,
    encrypt: Callable[..., bytes],
    simulators: Simulators,
    web_push_control: ControlClient,
    vapid_key: ec.EllipticCurvePrivateKey,
    subscription: BrowserSubscription,
    clock: Clock,
) -> None:
    payload = {"messageId": "m-7", "title": "Ūdens avārija", "body": "ā" * 900, "language": "lv"}
    claims: dict[str, str | int] = {
        "aud": simulators.web_push.url,
        "exp": int(clock().timestamp()) + 3600,
        "sub": "mailto:kontakti@novads.example.invalid",
    }
    signed = Vapid02(vapid_key).sign(claims)
    body = encrypt(json.dumps(payload, ensure_ascii=False).encode())
    status, headers = await push(body=body, headers={**signed, "TTL": "60", "Topic": "m-7"})
    assert status == 201
    (arrived,) = (await web_push_control.messages()).messages
    expected = {
        **payload,
        "to": subscription.endpoint,
        "data": payload,
        "urgency": "high",
        "topic": "m-7",
        "ttl": 60,
        "location": headers["Location"],
    }
    assert {name: arrived[name] for name in expected} == expected


async def test_a_body_for_another_browser_is_refused(
    push: Push, encrypt: Callable[..., bytes], web_push_control: ControlClient
) -> None:
    (other,) = await web_push_control.new_subscriptions(1)
    status, _ = await push(body=encrypt(to=other))
    assert (status, (await web_push_control.summary())["received"]) == (400, 0)


@pytest.mark.parametrize("place", [0, 30, 100, -1])
async def test_a_body_with_one_changed_bit_is_refused(
    push: Push, encrypt: Callable[..., bytes], place: int
) -> None:
    body = bytearray(encrypt())
    body[place] ^= 1
    status, _ = await push(body=bytes(body))
    assert status == 400


async def test_a_body_of_4096_bytes_is_taken_and_one_more_is_too_large(
    push: Push, encrypt: Callable[..., bytes]
) -> None:
    taken, too_large = encrypt(b"x" * 3993), encrypt(b"x" * 3994)
    assert (len(taken), len(too_large)) == (4096, 4097)
    assert (await push(body=taken))[0] == 201
    assert (await push(body=too_large))[0] == 413


@pytest.mark.parametrize(
    "headers",
    [
        {"TTL": None},
        {"TTL": "-1"},
        {"TTL": "soon"},
        {"Urgency": "urgent"},
        {"Topic": "x" * 33},
        {"Topic": "not base64url!"},
        {"Content-Encoding": "aesgcm"},
        {"Content-Encoding": None},
    ],
)
async def test_a_wrong_header_is_refused(push: Push, headers: Mapping[str, str | None]) -> None:
    status, _ = await push(headers=headers)
    assert status == 400


async def test_a_subscription_never_made_here_is_not_found(
    push: Push, subscription: BrowserSubscription
) -> None:
    invented = subscription.endpoint[:-4] + "AAAA"
    assert (await push(to=invented))[0] == 404


async def test_a_dead_subscription_is_gone_and_others_live(
    push: Push, subscription: BrowserSubscription, web_push_control: ControlClient
) -> None:
    dead = frozenset({subscription.endpoint})
    await web_push_control.behave(Behaviour(mode=Mode.DEAD, targets=dead))
    assert (await push())[0] == 410
    await web_push_control.behave()
    assert (await push())[0] == 201


async def test_throttling_carries_retry_after_and_ends_after_the_ordered_times(
    push: Push, web_push_control: ControlClient
) -> None:
    await web_push_control.behave(Behaviour(mode=Mode.THROTTLE, times=2, retry_after_seconds=1.5))
    answers = [await push() for _ in range(3)]
    assert [status for status, _ in answers] == [429, 429, 201]
    assert answers[0][1]["Retry-After"] == "2"


async def test_a_dropped_answer_is_lost_but_the_message_was_taken(
    push: Push, web_push_control: ControlClient
) -> None:
    await web_push_control.behave(Behaviour(mode=Mode.DROP, times=1))
    with pytest.raises(ServerDisconnectedError):
        await push()
    assert (await push())[0] == 201
    summary = await web_push_control.summary()
    assert (summary["distinct"], summary["duplicates"]) == (1, 1)
