"""Trying again: nobody waits for somebody else, nothing is tried for ever, nothing stops the queue."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update

from backend.adapters.simulators.behaviours import Behaviour, Mode
from backend.residents.tables import ContactPoint
from notifications.channels.ports import Channel, Outcome, Outgoing, Result
from notifications.delivery import queries
from notifications.delivery.models import Chunk
from notifications.delivery.rules import Lane
from tests.drivers.people import ROPAZI
from tests.notifications.hub.scripted import ScriptedSender
from tests.notifications.hub.town import Town


async def test_a_full_mailbox_does_not_delay_the_others_next_try(town: Town) -> None:
    tried: list[int] = []

    async def refuse(items: Sequence[Outgoing]) -> Sequence[Outcome]:
        tried.append(len(items))
        waits = (3600.0, None, None)[: len(items)] if len(tried) == 1 else ()
        first = [Outcome(Result.RETRY, "later", retry_after_seconds=wait) for wait in waits]
        return first or [Outcome(Result.ACCEPTED) for _ in items]

    senders = {Channel.EMAIL: ScriptedSender(Channel.EMAIL, refuse)}
    town.engine = replace(town.engine, senders=senders)
    campaign = await town.draft(channels=["email"])
    await town.send(campaign)
    await town.deliver()
    town.clock.advance(seconds=3)
    await town.deliver()
    assert (await town.counters(campaign))["email"] == {"accepted": 2, "queued": 1}
    town.clock.advance(hours=1)
    await town.deliver()
    assert tried == [3, 2, 1]
    assert (await town.counters(campaign))["email"] == {"accepted": 3}


async def test_a_wait_that_outlasts_the_message_ends_with_its_expiry(town: Town) -> None:
    order = Behaviour(mode=Mode.THROTTLE, retry_after_seconds=3600)
    await town.controls[Channel.SMS].behave(order)
    expiry = (town.clock() + timedelta(minutes=30)).isoformat()
    campaign = await town.draft(channels=["sms"], expiresAt=expiry)
    await town.send(campaign)
    await town.deliver()
    assert (await town.counters(campaign))["sms"] == {"queued": 3}
    town.clock.advance(minutes=30)
    await town.deliver()
    assert (await town.counters(campaign))["sms"] == {"expired": 3}
    assert await town.state(campaign) == "sent"


async def test_what_expires_while_its_chunk_is_being_sent_is_expired_and_not_failed(
    town: Town,
) -> None:
    async def be_late(items: Sequence[Outgoing]) -> Sequence[Outcome]:
        return [Outcome(Result.FAILED, "expired") for _ in items]

    senders = {Channel.SMS: ScriptedSender(Channel.SMS, be_late)}
    town.engine = replace(town.engine, senders=senders)
    campaign = await town.draft(channels=["sms"])
    await town.send(campaign)
    await town.deliver()
    assert (await town.counters(campaign))["sms"] == {"expired": 3}


async def test_a_chunk_that_was_claimed_ever_so_often_does_not_stop_the_queue(town: Town) -> None:
    """A channel without a provider claims and puts back every half minute, for up to 30 days."""
    campaign = await town.draft(channels=["sms"])
    await town.send(campaign)
    await town.plan()
    async with town.database.write((ROPAZI,)) as session:
        await session.execute(update(Chunk).values(claims=90_000))
    await town.deliver()
    assert (await town.counters(campaign))["sms"] == {"accepted": 3}


async def test_a_chunk_that_kills_its_workers_is_given_up_and_said_to_be_unknown(
    town: Town,
) -> None:
    campaign = await town.draft(channels=["sms"])
    await town.send(campaign)
    await town.plan()
    for _ in range(10):
        async with town.database.write((ROPAZI,)) as session:
            lost = await queries.claim_chunk(
                session, town.clock(), timedelta(seconds=60), Lane.BULK
            )
        assert lost is not None
        town.clock.advance(seconds=61)
    await town.deliver()
    assert (await town.counters(campaign))["sms"] == {"unknown": 3}
    assert await town.received(Channel.SMS) == []
    assert await town.state(campaign) == "sent"


async def _spoil(town: Town, residents: Sequence[UUID]) -> None:
    async with town.database.write((ROPAZI,)) as session:
        await session.execute(
            update(ContactPoint)
            .where(ContactPoint.resident_id.in_(residents), ContactPoint.kind == "email")
            .values(value_sealed=b"\x01" + bytes(40))
        )


async def test_an_address_that_cannot_be_opened_does_not_keep_those_beside_it(town: Town) -> None:
    await _spoil(town, town.residents[:1])
    campaign = await town.draft(channels=["email"])
    await town.send(campaign)
    await town.deliver()
    assert (await town.counters(campaign))["email"] == {"accepted": 2, "failed": 1}


async def test_a_chunk_whose_addresses_cannot_be_opened_waits_and_the_next_one_goes(
    town: Town,
) -> None:
    await _spoil(town, town.residents)
    campaign = await town.draft(channels=["email", "sms"])
    await town.send(campaign)
    await town.deliver()
    counters = await town.counters(campaign)
    assert (counters["email"], counters["sms"]) == ({"queued": 3}, {"accepted": 3})
