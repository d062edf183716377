"""Sending through FCM HTTP v1."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest
from aiohttp import ClientSession, ServerDisconnectedError

from backend.adapters.simulators.behaviours import Behaviour, Mode
from backend.adapters.simulators.control_client import ControlClient
from backend.adapters.simulators.run import Simulators

Send = Callable[..., Awaitable[tuple[int, dict[str, Any], Mapping[str, str]]]]


def fcm_code(answer: dict[str, Any]) -> str:
    """Read the FcmError among an error's details."""
    kind = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
    details = answer["error"]["details"]
    return "".join(detail["errorCode"] for detail in details if detail["@type"] == kind)


def violated_fields(answer: dict[str, Any]) -> list[str]:
    """Read the fields that a BadRequest among an error's details names."""
    kind = "type.googleapis.com/google.rpc.BadRequest"
    return [
        violation["field"]
        for detail in answer["error"]["details"]
        if detail["@type"] == kind
        for violation in detail["fieldViolations"]
    ]


async def test_a_message_arrives_with_its_texts_and_collapse_keys(
    send: Send, device: str, fcm_control: ControlClient
) -> None:
    status, answer, _ = await send(
        {
            "token": device,
            "notification": {"title": "Ūdens avārija", "body": "Līdz 18.00 nav ūdens"},
            "data": {"messageId": "m-1", "language": "lv", "link": "novads://inbox/m-1"},
            "android": {"collapseKey": "m-1", "priority": "HIGH", "ttl": "90.5s"},
            "apns": {"headers": {"apns-collapse-id": "m-1"}, "payload": {"aps": {"sound": "a"}}},
        }
    )
    assert status == 200
    assert answer["name"].startswith("projects/novads-simulator/messages/")
    (arrived,) = (await fcm_control.messages()).messages
    expected = {
        "seq": 1,
        "messageId": "m-1",
        "to": device,
        "title": "Ūdens avārija",
        "body": "Līdz 18.00 nav ūdens",
        "language": "lv",
        "collapseId": "m-1",
        "apnsCollapseId": "m-1",
        "priority": "HIGH",
        "ttl": 90,
        "link": "novads://inbox/m-1",
    }
    assert {name: arrived[name] for name in expected} == expected


async def test_an_installation_id_is_as_good_as_a_token(
    send: Send, http: ClientSession, simulators: Simulators
) -> None:
    order = {"count": 1, "kind": "fid"}
    async with http.post(f"{simulators.fcm.url}/_control/tokens", json=order) as made:
        (fid,) = (await made.json())["tokens"]
    status, _, _ = await send({"fid": fid, "data": {"messageId": "m-1"}})
    assert (status, len(fid)) == (200, 22)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"token": None}, "message.token"),
        ({"topic": "weather"}, "message"),
        ({"data": {"n": 1}}, "message.data"),
        ({"data": {"from": "x"}}, "message.data"),
        ({"colour": "red"}, "message"),
        ({"android": {"priority": "urgent"}}, "message.android.priority"),
        ({"android": {"ttl": "3600"}}, "message.android.ttl"),
        ({"android": {"ttl": "2419201s"}}, "message.android.ttl"),
        ({"apns": {"headers": {"apns-collapse-id": "ā" * 33}}}, "message.apns.headers"),
        ({"apns": {"headers": {"apns-priority": "7"}}}, "message.apns.headers"),
        ({"apns": {"payload": {"aps": "x"}}}, "message.apns.payload"),
        ({"notification": "text"}, "message.notification"),
        ({"android": {"data": {"text": "x" * 4093}}}, "message"),
        ({"apns": {"payload": {"aps": {"sound": "x" * 4077}}}}, "message"),
    ],
)
async def test_a_wrong_payload_is_refused_with_the_field_that_is_wrong(
    send: Send, device: str, fcm_control: ControlClient, change: dict[str, object], field: str
) -> None:
    status, answer, _ = await send({"token": device, **change})
    assert (status, answer["error"]["status"]) == (400, "INVALID_ARGUMENT")
    assert field in violated_fields(answer)
    assert fcm_code(answer) == ""
    assert (await fcm_control.summary())["received"] == 0


@pytest.mark.parametrize(
    "part",
    [
        {"android": {"data": {"text": "x" * 4092}}},
        {"apns": {"payload": {"aps": {"sound": "x" * 4076}}}},
    ],
)
async def test_a_payload_of_exactly_4096_bytes_is_taken(
    send: Send, device: str, part: dict[str, object]
) -> None:
    status, answer, _ = await send({"token": device, **part})
    assert status == 200, answer


async def test_a_message_without_a_target_is_refused(send: Send) -> None:
    status, answer, _ = await send({"data": {"messageId": "m-1"}})
    assert (status, violated_fields(answer)) == (400, ["message"])


async def test_text_that_no_token_can_be_is_an_invalid_argument_of_the_token(send: Send) -> None:
    status, answer, _ = await send({"token": "two words"})
    assert (status, fcm_code(answer)) == (400, "INVALID_ARGUMENT")
    assert violated_fields(answer) == []


@pytest.mark.parametrize("stranger", ["never-made-here", "x" * 22, "c" * 22 + ":APA91bXYZ"])
async def test_a_token_never_made_here_is_unregistered(send: Send, stranger: str) -> None:
    status, answer, _ = await send({"token": stranger})
    assert (status, fcm_code(answer)) == (404, "UNREGISTERED")


async def test_a_token_with_another_end_is_unregistered(send: Send, device: str) -> None:
    status, answer, _ = await send({"token": device[:-5] + "other"})
    assert (status, fcm_code(answer)) == (404, "UNREGISTERED")


async def test_a_token_told_dead_is_unregistered_and_others_live(
    send: Send, device: str, fcm_control: ControlClient
) -> None:
    (other,) = await fcm_control.new_tokens(1)
    await fcm_control.behave(Behaviour(mode=Mode.DEAD, targets=frozenset({device})))
    dead, answer, _ = await send({"token": device})
    alive, _, _ = await send({"token": other})
    assert (dead, fcm_code(answer), alive) == (404, "UNREGISTERED", 200)


async def test_throttling_and_errors_come_in_googles_shape(
    send: Send, device: str, fcm_control: ControlClient
) -> None:
    await fcm_control.behave(Behaviour(mode=Mode.THROTTLE, retry_after_seconds=7))
    status, answer, headers = await send({"token": device})
    assert (status, fcm_code(answer), headers["Retry-After"]) == (429, "QUOTA_EXCEEDED", "7")
    await fcm_control.behave(Behaviour(mode=Mode.ERROR))
    status, answer, _ = await send({"token": device})
    assert (status, fcm_code(answer)) == (503, "UNAVAILABLE")
    assert (await fcm_control.summary())["byStatus"] == {"429": 1, "503": 1}


async def test_a_dropped_answer_is_lost_but_the_message_was_taken(
    send: Send, device: str, fcm_control: ControlClient
) -> None:
    await fcm_control.behave(Behaviour(mode=Mode.DROP, times=1))
    message = {"token": device, "data": {"messageId": "m-1"}}
    with pytest.raises(ServerDisconnectedError):
        await send(message)
    status, _, _ = await send(message)
    summary = await fcm_control.summary()
    assert status == 200
    assert (summary["received"], summary["distinct"], summary["duplicates"]) == (2, 1, 1)
    assert summary["byStatus"] == {"200": 1, "dropped": 1}


@pytest.mark.parametrize("token", ["", "ya29.invented"])
async def test_no_access_without_a_token_issued_here(send: Send, device: str, token: str) -> None:
    status, answer, _ = await send({"token": device}, token=token)
    assert (status, answer["error"]["status"]) == (401, "UNAUTHENTICATED")


async def test_an_access_token_expires(
    send: Send, device: str, advance: Callable[[float], None]
) -> None:
    advance(3601)
    status, _, _ = await send({"token": device})
    assert status == 401


async def test_an_access_token_can_be_revoked(
    send: Send, device: str, http: ClientSession, simulators: Simulators
) -> None:
    async with http.delete(f"{simulators.fcm.url}/_control/access-tokens") as revoked:
        assert revoked.status == 204
    status, _, _ = await send({"token": device})
    assert status == 401


async def test_another_project_is_forbidden(send: Send, device: str) -> None:
    status, answer, _ = await send({"token": device}, project="somebody-else")
    assert (status, answer["error"]["status"]) == (403, "PERMISSION_DENIED")


async def test_a_dry_run_is_validated_and_not_delivered(
    send: Send, device: str, fcm_control: ControlClient
) -> None:
    status, _, _ = await send({"token": device}, validate_only=True)
    assert (status, (await fcm_control.summary())["received"]) == (200, 0)
