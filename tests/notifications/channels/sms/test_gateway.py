"""The SMS client against the gateway simulator."""

from collections.abc import AsyncGenerator

import pytest

from backend.adapters.simulators.run import Simulators
from notifications.channels.ports import Misconfigured, Result, Sender
from notifications.channels.sms.http_gateway.sender import http_gateway_sender
from tests.notifications.channels.servers import Control, RawServing, Write

NUMBER = "+37120000001"


def sender_to(url: str, key: str, *, timeout: float = 5.0) -> Sender:
    """Make a sender."""
    return http_gateway_sender(
        url,
        api_key=key,
        originator="NOVADS",
        report_url="http://127.0.0.1:9/ingest/v1/sms-receipts/",
        concurrency=4,
        timeout_seconds=timeout,
    )


@pytest.fixture
async def sender(simulators: Simulators) -> AsyncGenerator[Sender]:
    """Send to the simulator."""
    made = sender_to(simulators.sms.url, simulators.sms.key)
    yield made
    await made.close()


@pytest.mark.parametrize(
    ("body", "encoding", "parts"),
    [("Ūdens nav dzerams. Vāriet!", "ucs2", 1), ("Udens nav dzerams {€}", "gsm7", 1)],
)
async def test_the_phone_gets_the_text_as_it_was_written(
    sender: Sender, sms_control: Control, write: Write, body: str, encoding: str, parts: int
) -> None:
    item = write(NUMBER, body=body)
    (outcome,) = await sender.send([item])
    assert outcome.result is Result.ACCEPTED
    (sms,) = await sms_control.messages()
    assert (sms["to"], sms["body"], sms["sender"]) == (NUMBER, body, "NOVADS")
    assert (sms["encoding"], sms["parts"]) == (encoding, parts)
    assert sms["id"] == outcome.provider_ref
    assert (sms["messageId"], sms["reference"]) == (str(item.message_id), item.reference)
    assert sms["reportUrl"] == f"http://127.0.0.1:9/ingest/v1/sms-receipts/{item.reference}"
    assert str(sms["expiresAt"]).startswith(item.expires_at.isoformat()[:19])


async def test_a_repeat_is_known_by_its_reference_and_costs_nothing(
    sender: Sender, sms_control: Control, write: Write
) -> None:
    item = write(NUMBER)
    (first,) = await sender.send([item])
    (second,) = await sender.send([item])
    assert first == second
    assert (await sms_control.summary())["duplicates"] == 1


async def test_one_delivery_is_one_sms_even_to_a_resident_with_two_numbers(
    sender: Sender, sms_control: Control, write: Write
) -> None:
    (outcome,) = await sender.send([write(NUMBER, "+37120000002")])
    assert outcome.result is Result.ACCEPTED
    assert [sms["to"] for sms in await sms_control.messages()] == [NUMBER]


@pytest.mark.parametrize(
    ("mode", "result", "reason"),
    [
        ("throttle", Result.RETRY, "throttled"),
        ("error", Result.RETRY, "provider_unavailable"),
        ("drop", Result.UNKNOWN, "answer_lost"),
        ("slow", Result.ACCEPTED, ""),
        # The gateway takes it and reports later that it could not be delivered.
        ("dead", Result.ACCEPTED, ""),
    ],
)
async def test_each_behaviour_of_the_gateway_has_one_meaning(
    sender: Sender, sms_control: Control, write: Write, mode: str, result: Result, reason: str
) -> None:
    await sms_control.behave(mode, delaySeconds=0.1, retryAfterSeconds=9)
    (outcome,) = await sender.send([write(NUMBER)])
    assert (outcome.result, outcome.reason) == (result, reason)
    assert outcome.retry_after_seconds == (9 if mode == "throttle" else None)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("20000001", "endpoint_invalid"),
        ("+3712000", "endpoint_invalid"),
        ("+37160000001", "not_mobile"),
    ],
)
async def test_a_number_that_receives_no_sms_is_removed(
    sender: Sender, write: Write, number: str, reason: str
) -> None:
    item = write(number)
    (outcome,) = await sender.send([item])
    assert (outcome.result, outcome.reason) == (Result.FAILED, reason)
    assert outcome.dead == (item.endpoints[0].id,)


async def test_a_text_of_too_many_parts_fails_and_keeps_the_number(
    sender: Sender, write: Write
) -> None:
    (outcome,) = await sender.send([write(NUMBER, body="ā" * 1000)])
    assert (outcome.result, outcome.reason, outcome.dead) == (Result.FAILED, "too_large", ())


async def test_a_refused_key_is_an_alarm(simulators: Simulators, write: Write) -> None:
    stranger = sender_to(simulators.sms.url, "another key")
    with pytest.raises(Misconfigured, match="credentials_refused"):
        await stranger.send([write(NUMBER)])
    await stranger.close()


async def test_an_answer_slower_than_our_patience_is_unknown(
    simulators: Simulators, sms_control: Control, write: Write
) -> None:
    await sms_control.behave("slow", delaySeconds=3)
    impatient = sender_to(simulators.sms.url, simulators.sms.key, timeout=0.3)
    (outcome,) = await impatient.send([write(NUMBER)])
    await impatient.close()
    assert (outcome.result, outcome.reason) == (Result.UNKNOWN, "answer_lost")


async def test_a_closed_port_means_that_nothing_was_sent(write: Write, free_port: int) -> None:
    lost = sender_to(f"http://127.0.0.1:{free_port}", "key")
    (outcome,) = await lost.send([write(NUMBER)])
    await lost.close()
    assert (outcome.result, outcome.reason) == (Result.RETRY, "not_connected")


async def test_an_answer_that_cannot_be_read_does_not_undo_what_its_status_says(
    write: Write, raw_http: RawServing
) -> None:
    accepted = b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n[]"
    refused = b"HTTP/1.1 422 No\r\nContent-Length: 3\r\n\r\nno!"
    async with raw_http([accepted, refused]) as server:
        odd = sender_to(server.url, "key")
        first, second = [(await odd.send([write(NUMBER)]))[0] for _ in range(2)]
        await odd.close()
    assert (first.result, first.provider_ref) == (Result.ACCEPTED, "")
    assert (second.result, second.reason) == (Result.FAILED, "refused")


def test_a_key_that_no_header_can_carry_is_told_at_once() -> None:
    with pytest.raises(Misconfigured, match="key"):
        sender_to("http://127.0.0.1:9", "key\r\nX: y")
