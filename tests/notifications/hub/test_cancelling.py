"""Stopping a campaign: what has not left yet never leaves, wherever it waits at that moment."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from backend.adapters.simulators.behaviours import Behaviour, Mode
from notifications.channels.ports import Channel, Outcome, Outgoing
from notifications.delivery import queries
from notifications.delivery.rules import Lane
from tests.drivers.people import ROPAZI
from tests.notifications.hub.scripted import ScriptedSender
from tests.notifications.hub.town import Town


async def _cancel(town: Town, campaign: str) -> None:
    answer = await town.communicator.post(f"/campaigns/{campaign}/cancellation")
    assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")


async def test_what_a_worker_held_at_the_cancellation_is_not_tried_again(town: Town) -> None:
    order = Behaviour(mode=Mode.THROTTLE, retry_after_seconds=20, times=3)
    campaign = await town.draft(channels=["sms"])
    await town.send(campaign)
    await town.plan()
    async with town.database.write((ROPAZI,)) as session:
        held = await queries.claim_chunk(session, town.clock(), timedelta(seconds=5), Lane.BULK)
    assert held is not None
    await _cancel(town, campaign)
    await town.controls[Channel.SMS].behave(order)
    town.clock.advance(seconds=6)
    await town.deliver()
    town.clock.advance(minutes=1)
    await town.deliver()
    assert (await town.counters(campaign))["sms"] == {"cancelled": 3}
    assert await town.received(Channel.SMS) == []
    assert await town.state(campaign) == "cancelled"


async def test_a_chunk_put_back_after_the_cancellation_is_not_sent(town: Town) -> None:
    campaign = await town.draft(channels=["sms"])
    await town.send(campaign)
    await town.plan()
    async with town.database.write((ROPAZI,)) as session:
        held = await queries.claim_chunk(session, town.clock(), timedelta(seconds=60), Lane.BULK)
        assert held is not None
    await _cancel(town, campaign)
    async with town.database.write((ROPAZI,)) as session:
        await queries.put_back(session, held, town.clock())
    await town.deliver()
    assert (await town.counters(campaign))["sms"] == {"cancelled": 3}
    assert await town.received(Channel.SMS) == []


async def test_a_send_under_way_at_the_cancellation_is_the_last_one(town: Town) -> None:
    await town.controls[Channel.SMS].behave(Behaviour(mode=Mode.ERROR))
    campaign = await town.draft(channels=["sms"])
    await town.send(campaign)
    await town.plan()
    sender = town.engine.senders[Channel.SMS]

    async def fail_and_cancel(items: Sequence[Outgoing]) -> Sequence[Outcome]:
        outcomes = await sender.send(items)
        await _cancel(town, campaign)
        return outcomes

    senders = {Channel.SMS: ScriptedSender(Channel.SMS, fail_and_cancel)}
    town.engine = replace(town.engine, senders=senders)
    assert await town.engine.deliver_one()
    assert (await town.counters(campaign))["sms"] == {"cancelled": 3}
    assert not await town.engine.deliver_one()


@pytest.mark.parametrize("batches", [1, 2, 3])
async def test_a_cancellation_among_busy_workers_leaves_counters_that_are_true(
    town: Town, batches: int
) -> None:
    await town.settle(97)
    await town.follow()
    campaign = await town.draft(channels=["sms"])
    await town.send(campaign)
    await town.plan()
    sms, seen, steps = town.engine.senders[Channel.SMS], 0, asyncio.Queue[asyncio.Task[None]]()

    async def send(items: Sequence[Outgoing]) -> Sequence[Outcome]:
        nonlocal seen
        seen += 1
        if seen == batches:
            steps.put_nowait(asyncio.create_task(_cancel(town, campaign)))
        return await sms.send(items)

    engine = replace(town.engine, senders={Channel.SMS: ScriptedSender(Channel.SMS, send)})

    async def work() -> None:
        while await engine.deliver_one():
            pass

    await asyncio.gather(*(work() for _ in range(3)))
    await steps.get_nowait()
    await town.deliver()
    counters = (await town.counters(campaign))["sms"]
    assert set(counters) <= {"accepted", "cancelled"}
    assert sum(counters.values()) == 100
    summary = await town.controls[Channel.SMS].summary()
    assert (summary["received"], summary["duplicates"]) == (counters["accepted"], 0)
    assert await town.state(campaign) == "cancelled"
