"""The control API, shown on the SMS gateway, and what outlives a restart."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest
from aiohttp import ClientSession

from backend.adapters.simulators.behaviours import Behaviour, Mode
from backend.adapters.simulators.control_client import ControlClient, ControlRefused
from backend.adapters.simulators.run import (
    ANY_FREE_PORTS,
    SimulatorPorts,
    Simulators,
    Variations,
    running_simulators,
    serve_simulators,
)
from backend.adapters.simulators.serving import PortTaken
from backend.kernel.clock import Clock

Send = Callable[..., Coroutine[None, None, int]]


@pytest.fixture
def send(http: ClientSession, simulators: Simulators) -> Send:
    """Send one text message; gives the status."""

    async def sending(reference: str = "reference-1", to: str = "+37120000001") -> int:
        order = {
            "to": to,
            "from": "NOVADS",
            "text": "Labdien!",
            "encoding": "gsm7",
            "reference": reference,
            "messageId": f"m-{reference}",
        }
        headers = {"Authorization": f"Bearer {simulators.sms.key}"}
        url = f"{simulators.sms.url}/v1/messages"
        async with http.post(url, json=order, headers=headers) as answer:
            return answer.status

    return sending


async def test_messages_are_read_page_by_page(send: Send, sms_control: ControlClient) -> None:
    for number in range(5):
        await send(f"reference-{number}")
    first = await sms_control.messages(limit=2)
    second = await sms_control.messages(limit=2, after=first.next)
    third = await sms_control.messages(limit=2, after=second.next)
    last = await sms_control.messages(limit=2, after=third.next)
    pages = [[found["seq"] for found in page.messages] for page in (first, second, third, last)]
    assert pages == [[1, 2], [3, 4], [5], []]
    assert last.next == 5


async def test_messages_are_found_by_what_they_hold(send: Send, sms_control: ControlClient) -> None:
    for number in range(3):
        await send(f"reference-{number}")
    page = await sms_control.messages(containing="m-reference-1")
    assert [found["seq"] for found in page.messages] == [2]
    assert page.next == 3


async def test_a_reader_can_wait_for_the_next_message(
    send: Send, sms_control: ControlClient
) -> None:
    waiting = asyncio.create_task(sms_control.messages(wait_seconds=30))
    await sms_control.summary()
    assert not waiting.done()
    await send()
    async with asyncio.timeout(10):
        assert len((await waiting).messages) == 1


async def test_everything_recorded_can_be_forgotten(send: Send, sms_control: ControlClient) -> None:
    await send()
    await sms_control.forget()
    summary = await sms_control.summary()
    assert (summary["received"], summary["byStatus"]) == (0, {})
    assert (await sms_control.messages()).messages == []
    assert await send() == 202
    assert (await sms_control.summary())["duplicates"] == 0


async def test_a_slow_answer_comes_after_the_message_was_taken(
    send: Send, sms_control: ControlClient
) -> None:
    await sms_control.behave(Behaviour(mode=Mode.SLOW, delay_seconds=3600, times=1))
    answering = asyncio.create_task(send())
    page = await sms_control.messages(wait_seconds=30)
    assert len(page.messages) == 1
    assert not answering.done()
    answering.cancel()


async def test_the_first_order_that_concerns_a_target_applies(
    send: Send, sms_control: ControlClient
) -> None:
    other = "+37120000002"
    await sms_control.behave(
        Behaviour(mode=Mode.NORMAL, targets=frozenset({other})), Behaviour(mode=Mode.ERROR)
    )
    assert (await send("reference-1"), await send("reference-2", to=other)) == (503, 202)


@pytest.mark.parametrize(
    "order",
    ['{"mode":"sulk"}', '{"mode":"slow","delaySeconds":-1}', '{"times":0}', "[", '{"extra":1}'],
)
async def test_an_order_that_cannot_be_understood_changes_nothing(
    http: ClientSession, simulators: Simulators, send: Send, sms_control: ControlClient, order: str
) -> None:
    await sms_control.behave(Behaviour(mode=Mode.ERROR))
    async with http.put(f"{simulators.sms.url}/_control/behaviour", data=order) as answer:
        assert answer.status == 400
    assert await send() == 503


async def test_a_count_of_tokens_is_bounded(fcm_control: ControlClient) -> None:
    with pytest.raises(ControlRefused):
        await fcm_control.new_tokens(0)


async def test_tokens_and_keys_outlive_a_restart_and_only_in_their_directory(
    tmp_path: Path, http: ClientSession, clock: Clock
) -> None:
    variations = Variations(clock=clock)
    async with running_simulators(ANY_FREE_PORTS, tmp_path, variations=variations) as before:
        account = before.fcm.service_account.read_text()
        made = await ControlClient(http, before.web_push.url).new_subscriptions(1)
        path = made[0].endpoint.removeprefix(before.web_push.url)
    async with running_simulators(ANY_FREE_PORTS, tmp_path, variations=variations) as after:
        renewed = after.fcm.service_account.read_text()
        async with http.post(after.web_push.url + path) as known:
            assert known.status == 401
    elsewhere = tmp_path / "elsewhere"
    async with (
        running_simulators(ANY_FREE_PORTS, elsewhere, variations=variations) as third,
        http.post(third.web_push.url + path) as unknown,
    ):
        assert unknown.status == 404
    assert renewed == account.replace(before.fcm.url, after.fcm.url)
    assert after.fcm.service_account.stat().st_mode & 0o077 == 0


async def test_a_taken_port_is_named(simulators: Simulators, kept_directory: Path) -> None:
    taken = int(simulators.sms.url.rpartition(":")[2])
    ports = SimulatorPorts(fcm=0, web_push=0, smtp=0, smtp_control=0, sms=taken)
    with pytest.raises(PortTaken, match=f"port {taken} on 127.0.0.1, wanted by the SMS"):
        await serve_simulators(ports, kept_directory, "127.0.0.1", asyncio.Event())


async def test_serving_ends_when_told_to_stop(kept_directory: Path) -> None:
    stop = asyncio.Event()
    serving = asyncio.create_task(
        serve_simulators(ANY_FREE_PORTS, kept_directory, "127.0.0.1", stop)
    )
    stop.set()
    async with asyncio.timeout(5):
        await serving
