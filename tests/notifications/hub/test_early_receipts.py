"""A gateway may report a delivery before the worker has written down that it was sent."""

from collections.abc import Sequence
from dataclasses import replace

from notifications.channels.ports import Channel, Outcome, Outgoing
from tests.notifications.hub.scripted import ScriptedSender
from tests.notifications.hub.town import Town


async def test_a_report_that_overtakes_its_own_send_counts_once_that_is_written(
    town: Town,
) -> None:
    sms = town.engine.senders[Channel.SMS]

    async def report_first(items: Sequence[Outgoing]) -> Sequence[Outcome]:
        outcomes = await sms.send(items)
        for item in items:
            body = {
                "id": "gateway-1",
                "reference": item.reference,
                "status": "DELIVERED",
                "at": "2026-11-20T09:00:05Z",
            }
            path = f"/ingest/v1/sms-receipts/{item.reference}"
            assert (await town.client.post(path, json=body)).status_code == 204
        await town.fold()
        return outcomes

    senders = {Channel.SMS: ScriptedSender(Channel.SMS, report_first)}
    town.engine = replace(town.engine, senders=senders)
    campaign = await town.draft(channels=["sms"])
    await town.send(campaign)
    await town.deliver()
    assert (await town.counters(campaign))["sms"] == {"accepted": 3}
    town.clock.advance(seconds=3)
    assert await town.fold() == 3
    assert (await town.counters(campaign))["sms"] == {"delivered": 3}
    assert await town.fold() == 0
