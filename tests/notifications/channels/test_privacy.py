"""Nothing that the channels say about themselves tells whom they wrote to, or what."""

import logging
from collections.abc import Sequence

import pytest

from backend.adapters.simulators.run import Simulators
from backend.kernel.ids import new_id
from notifications.channels.email.smtp.sender import smtp_sender
from notifications.channels.ports import Endpoint, Outcome, Outgoing, Sender
from notifications.channels.push.fcm.sender import fcm_sender
from notifications.channels.sms.http_gateway.sender import http_gateway_sender
from notifications.channels.web_push.vapid.keys import generate_vapid_key
from notifications.channels.web_push.vapid.sender import vapid_sender
from tests.notifications.channels.servers import Control, Write

MODES = ["normal", "throttle", "error", "dead", "drop"]


async def _tried(sender: Sender, control: Control, items: Sequence[Outgoing]) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for mode in MODES:
        await control.behave(mode)
        outcomes.extend(await sender.send(items))
    await sender.close()
    return outcomes


def _secrets(items: Sequence[Outgoing]) -> set[str]:
    return {
        secret
        for item in items
        for secret in (
            *item.title.split("\n"),
            *(line for line in item.body.split("\n") if len(line) > 3),
            item.link,
            item.reference,
            *(endpoint.value for endpoint in item.endpoints),
        )
    }


def _assert_silent(
    caplog: pytest.LogCaptureFixture, items: Sequence[Outgoing], outcomes: Sequence[Outcome]
) -> None:
    said = "\n".join(record.getMessage() + str(record.exc_info) for record in caplog.records)
    said += repr(outcomes)
    assert len(outcomes) == len(items) * len(MODES)
    assert [secret for secret in _secrets(items) if secret in said] == []


@pytest.fixture(autouse=True)
def _everything_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


async def test_fcm_tells_no_token_and_no_text(
    simulators: Simulators, fcm_control: Control, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    tokens = await fcm_control.make("tokens", count=2)
    items = [write(str(token)) for token in tokens] + [write("not a token")]
    sender = fcm_sender(simulators.fcm.service_account, endpoint=simulators.fcm.url, concurrency=2)
    _assert_silent(caplog, items, await _tried(sender, fcm_control, items))


async def test_web_push_tells_no_subscription_and_no_text(
    web_push_control: Control, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    key = generate_vapid_key()
    (made,) = await web_push_control.make(
        "subscriptions", count=1, vapidPublicKey=key.public_base64url
    )
    assert isinstance(made, dict)
    keys = (made["keys"]["p256dh"], made["keys"]["auth"])
    items = [
        write(Endpoint(new_id(), made["endpoint"], keys)),
        write(Endpoint(new_id(), "https://nowhere.invalid/secret-token", ("AA", "AA"))),
    ]
    sender = vapid_sender(
        key, contact="mailto:novads@example.org", concurrency=2, allow_private=True
    )
    _assert_silent(caplog, items, await _tried(sender, web_push_control, items))


async def test_smtp_tells_no_address_and_no_text(
    simulators: Simulators, smtp_control: Control, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    items = [write("anna@example.org"), write("not an address")]
    sender = smtp_sender(
        simulators.smtp.host,
        simulators.smtp.port,
        sender_address="zinas@novads.example.org",
        sender_name="Novads",
        connections=1,
    )
    _assert_silent(caplog, items, await _tried(sender, smtp_control, items))


async def test_the_sms_gateway_tells_no_number_and_no_text(
    simulators: Simulators, sms_control: Control, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    items = [write("+37120000001"), write("+37160000001")]
    sender = http_gateway_sender(
        simulators.sms.url,
        api_key=simulators.sms.key,
        originator="NOVADS",
        report_url="http://127.0.0.1:9/receipts",
        concurrency=2,
    )
    _assert_silent(caplog, items, await _tried(sender, sms_control, items))
