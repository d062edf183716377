"""Sending text messages."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Literal

import pytest
from aiohttp import ServerDisconnectedError

from backend.adapters.simulators.behaviours import Behaviour, Mode
from backend.adapters.simulators.control_client import ControlClient

Send = Callable[..., Awaitable[tuple[int, dict[str, Any]]]]
NextReport = Callable[[], Awaitable[Mapping[str, str]]]


async def test_a_message_is_taken_and_can_be_read(send: Send, sms_control: ControlClient) -> None:
    status, answer = await send()
    assert (status, answer["parts"]) == (202, 1)
    (arrived,) = (await sms_control.messages()).messages
    expected = {
        "messageId": "m-1",
        "to": "+37120000001",
        "body": "Labdien! Lidz 18.00 nav udens.",
        "sender": "NOVADS",
        "reference": "reference-1",
        "id": answer["id"],
        "parts": 1,
    }
    assert {name: arrived[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": "20000001"}, "invalid_number"),
        ({"to": "+3712000001"}, "invalid_number"),
        ({"to": "+37160000001"}, "not_mobile"),
        ({"from": "a name too long"}, "invalid_sender"),
        ({"text": "Ūdens"}, "wrong_encoding"),
        ({"text": "x" * 1531}, "text_too_long"),
        ({"text": "ū" * 671, "encoding": "ucs2"}, "text_too_long"),
        ({"text": ""}, "invalid_request"),
        ({"encoding": "utf8"}, "invalid_request"),
        ({"unknown": 1}, "invalid_request"),
        ({"expiresAt": "2026-01-01T00:00:00Z"}, "expired"),
        ({"expiresAt": "2999-01-01T00:00:00"}, "invalid_request"),
        ({"reportUrl": "file:///etc/passwd"}, "invalid_report_url"),
    ],
)
async def test_a_wrong_order_is_refused_with_a_code(
    send: Send, sms_control: ControlClient, changes: dict[str, object], code: str
) -> None:
    status, answer = await send(**changes)
    assert (status, answer["error"]["code"]) == (400, code)
    assert (await sms_control.summary())["received"] == 0


async def test_a_wrong_key_is_unauthorised(send: Send) -> None:
    status, answer = await send(key="another")
    assert (status, answer["error"]["code"]) == (401, "unauthorised")


async def test_the_answer_tells_the_parts_the_network_would_send(send: Send) -> None:
    _, gsm = await send(text="x" * 161, reference="reference-1")
    _, ucs = await send(text="ū" * 135, encoding="ucs2", reference="reference-2")
    assert (gsm["parts"], ucs["parts"]) == (2, 3)


async def test_the_same_order_again_gets_the_same_id_and_counts_as_a_duplicate(
    send: Send, sms_control: ControlClient, report_url: str, next_report: NextReport
) -> None:
    first, second = [await send(reportUrl=report_url) for _ in range(2)]
    assert (first[0], second[0]) == (202, 200)
    assert first[1] == second[1]
    summary = await sms_control.summary()
    assert (summary["distinct"], summary["duplicates"]) == (1, 1)
    await send(reference="reference-2", reportUrl=report_url)
    reports = [await next_report() for _ in range(2)]
    assert {report["reference"] for report in reports} == {"reference-1", "reference-2"}
    async with asyncio.timeout(10):
        while (await sms_control.summary())["receiptsSent"] != 2:
            pass  # the count follows the receiver's answer, which it has just given


async def test_a_reference_does_not_stand_for_two_texts(send: Send) -> None:
    await send()
    status, answer = await send(text="Cita satura")
    assert (status, answer["error"]["code"]) == (409, "reference_reused")


async def test_a_delivery_report_comes_back(
    send: Send, report_url: str, next_report: NextReport
) -> None:
    _, answer = await send(reportUrl=report_url)
    report = await next_report()
    assert report["at"].endswith("Z")
    assert (report["id"], report["reference"]) == (answer["id"], "reference-1")
    assert report["status"] == "DELIVERED"


async def test_a_report_is_sent_again_until_the_receiver_takes_it(
    send: Send,
    report_url: str,
    next_report: NextReport,
    answer_reports: Callable[[Sequence[int]], None],
    sms_control: ControlClient,
) -> None:
    answer_reports([500, 503])
    await send(reportUrl=report_url)
    first, second, third = [await next_report() for _ in range(3)]
    assert first == second == third
    await send(reference="reference-2", reportUrl=report_url)
    assert (await next_report())["reference"] == "reference-2"
    assert (await sms_control.summary())["receiptsRepeated"] == 2


async def test_a_dead_number_is_reported_undeliverable(
    send: Send, sms_control: ControlClient, report_url: str, next_report: NextReport
) -> None:
    await sms_control.behave(Behaviour(mode=Mode.DEAD, targets=frozenset({"+37120000001"})))
    status, _ = await send(reportUrl=report_url)
    assert (status, (await next_report())["status"]) == (202, "UNDELIVERABLE")


@pytest.mark.parametrize("ending", ["EXPIRED", "REJECTED"])
async def test_a_message_can_be_ordered_to_end_otherwise(
    send: Send,
    sms_control: ControlClient,
    report_url: str,
    next_report: NextReport,
    ending: Literal["EXPIRED", "REJECTED"],
) -> None:
    await sms_control.behave(Behaviour(mode=Mode.DEAD, report_status=ending))
    await send(reportUrl=report_url)
    assert (await next_report())["status"] == ending


async def test_throttling_and_errors_are_refusals_for_now(
    send: Send, sms_control: ControlClient
) -> None:
    await sms_control.behave(
        Behaviour(mode=Mode.THROTTLE, times=1), Behaviour(mode=Mode.ERROR, times=1)
    )
    assert [(await send())[0] for _ in range(3)] == [429, 503, 202]


async def test_a_dropped_answer_is_lost_but_the_message_was_taken(
    send: Send, sms_control: ControlClient
) -> None:
    await sms_control.behave(Behaviour(mode=Mode.DROP, times=1))
    with pytest.raises(ServerDisconnectedError):
        await send()
    assert (await send())[0] == 200
    assert (await sms_control.summary())["duplicates"] == 1
