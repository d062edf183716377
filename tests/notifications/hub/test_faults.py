"""When providers fail, workers die and answers are lost: nothing is lost, nothing counted twice."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from backend.adapters.simulators.behaviours import Behaviour, Mode
from notifications.channels.ports import Channel
from notifications.delivery import queries
from notifications.delivery.rules import Lane
from tests.drivers.people import ROPAZI
from tests.notifications.hub.town import Town


async def test_a_throttled_chunk_is_tried_again_after_the_provider_said_so(town: Town) -> None:
    order = Behaviour(mode=Mode.THROTTLE, retry_after_seconds=40, times=3)
    await town.controls[Channel.SMS].behave(order)
    campaign = await town.draft(channels=["sms"])
    await town.send(campaign)
    await town.deliver()
    assert (await town.counters(campaign))["sms"] == {"queued": 3}
    assert await town.state(campaign) == "sending"
    town.clock.advance(seconds=39)
    assert not await town.engine.deliver_one()
    town.clock.advance(seconds=2)
    await town.deliver()
    assert (await town.counters(campaign))["sms"] == {"accepted": 3}
    assert await town.state(campaign) == "sent"


async def test_a_provider_that_stays_away_fails_the_delivery_in_the_end(town: Town) -> None:
    await town.controls[Channel.SMS].behave(Behaviour(mode=Mode.ERROR))
    campaign = await town.draft(channels=["sms"])
    await town.send(campaign)
    for _ in range(12):
        await town.deliver()
        town.clock.advance(minutes=31)
    assert (await town.counters(campaign))["sms"] == {"failed": 3}
    assert await town.state(campaign) == "sent"


async def test_a_dead_address_fails_once_and_is_not_used_again(town: Town) -> None:
    await town.controls[Channel.EMAIL].behave(
        Behaviour(mode=Mode.DEAD, targets=frozenset({"iedzivotajs1@example.lv"}))
    )
    first, second = await town.draft(channels=["email"]), await town.draft(channels=["email"])
    await town.send(first)
    await town.deliver()
    assert (await town.counters(first))["email"] == {"accepted": 2, "failed": 1}
    await town.send(second)
    await town.deliver()
    assert (await town.counters(second))["email"] == {"accepted": 2, "suppressed": 1}


async def test_a_lost_answer_is_sent_again_under_the_same_key(town: Town) -> None:
    await town.controls[Channel.SMS].behave(Behaviour(mode=Mode.DROP, times=1))
    campaign = await town.draft(channels=["sms"])
    await town.send(campaign)
    await town.deliver()
    town.clock.advance(seconds=5)
    await town.deliver()
    assert (await town.counters(campaign))["sms"] == {"accepted": 3}
    summary = await town.controls[Channel.SMS].summary()
    assert (summary["distinct"], summary["duplicates"]) == (3, 1)


async def test_a_chunk_of_a_dead_worker_is_taken_over_and_the_late_worker_changes_nothing(
    town: Town,
) -> None:
    campaign = await town.draft(channels=["sms"])
    await town.send(campaign)
    await town.plan()
    async with town.database.write((ROPAZI,)) as session:
        late = await queries.claim_chunk(session, town.clock(), timedelta(seconds=60), Lane.BULK)
    assert late is not None
    assert (await town.counters(campaign))["sms"] == {"sending": 3}
    assert not await town.engine.deliver_one()
    town.clock.advance(seconds=61)
    await town.deliver()
    assert (await town.counters(campaign))["sms"] == {"accepted": 3}
    async with town.database.write((ROPAZI,)) as session:
        assert not await queries.close_chunk(session, late)


async def test_many_workers_send_every_message_exactly_once(town: Town) -> None:
    await town.grow(97)
    campaign = await town.draft(channels=["sms"])
    await town.send(campaign)
    await town.plan()
    workers = [replace(town.engine) for _ in range(4)]

    async def work(number: int) -> None:
        while await workers[number].deliver_one():
            pass

    await asyncio.gather(*(work(number) for number in range(4)))
    await town.plan()
    assert (await town.counters(campaign))["sms"] == {"accepted": 100}
    summary = await town.controls[Channel.SMS].summary()
    assert (summary["distinct"], summary["duplicates"]) == (100, 0)
    assert await town.state(campaign) == "sent"


async def test_a_channel_without_a_provider_keeps_its_messages_for_later(town: Town) -> None:
    senders = dict(town.engine.senders)
    sms = senders.pop(Channel.SMS)
    town.engine = replace(town.engine, senders=senders)
    campaign = await town.draft(channels=["sms", "email"])
    await town.send(campaign)
    await town.deliver()
    counters = await town.counters(campaign)
    assert (counters["sms"], counters["email"]) == ({"queued": 3}, {"accepted": 3})
    town.engine = replace(town.engine, senders={**senders, Channel.SMS: sms})
    town.clock.advance(seconds=31)
    await town.deliver()
    assert (await town.counters(campaign))["sms"] == {"accepted": 3}


async def test_a_worker_for_alerts_takes_the_alert_and_leaves_the_rest(town: Town) -> None:
    civic = await town.draft(messageClass="civic", severity=None, topic="roads", channels=["sms"])
    alert = await town.draft(channels=["sms"])
    await town.send(civic)
    await town.send(alert)
    await town.plan()
    reserved = replace(town.engine, last_lane=Lane.EMERGENCY)
    while await reserved.deliver_one():
        pass
    assert (await town.counters(civic))["sms"] == {"queued": 3}
    assert (await town.counters(alert))["sms"] == {"accepted": 3}


async def test_an_alert_overtakes_what_was_queued_before_it(town: Town) -> None:
    civic = await town.draft(messageClass="civic", severity=None, topic="roads", channels=["sms"])
    alert = await town.draft(channels=["sms"])
    await town.send(civic)
    await town.plan()
    town.clock.advance(minutes=1)
    await town.send(alert)
    await town.plan()
    assert await town.engine.deliver_one()
    assert (await town.counters(alert))["sms"] == {"accepted": 3}
    assert (await town.counters(civic))["sms"] == {"queued": 3}
