"""What waits: how it is counted, and that it costs the workers next to nothing."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from backend.adapters.simulators.behaviours import Behaviour, Mode
from backend.kernel.principals import PrincipalKind
from notifications.channels.ports import Channel
from tests.notifications.hub.town import Town


async def test_who_is_tried_again_after_quiet_hours_is_queued_and_not_held(town: Town) -> None:
    town.clock.now = datetime(2026, 11, 20, 20, 30, tzinfo=UTC)  # 22:30 in Riga
    civic = await town.draft(messageClass="civic", severity=None, topic="roads", channels=["sms"])
    await town.send(civic)
    await town.deliver()
    assert (await town.counters(civic))["sms"] == {"held": 3}
    await town.controls[Channel.SMS].behave(Behaviour(mode=Mode.ERROR, times=3))
    town.clock.now = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)  # 08:00 in Riga
    town.communicator = await town.sign_in(PrincipalKind.STAFF, ["communicator"])
    await town.deliver()
    assert (await town.counters(civic))["sms"] == {"queued": 3}
    town.clock.advance(minutes=1)
    await town.deliver()
    assert (await town.counters(civic))["sms"] == {"accepted": 3}


@pytest.mark.parametrize(
    ("changes", "most", "least"),
    [
        ({"messageClass": "civic", "severity": None, "topic": "roads"}, 20, 5),
        ({}, 121, 100),
    ],
)
async def test_a_chunk_without_a_provider_is_claimed_rarer_and_rarer_unless_it_is_an_alert(
    town: Town, changes: dict[str, object], most: int, least: int
) -> None:
    town.engine = replace(town.engine, senders={})
    campaign = await town.draft(channels=["sms"], **changes)
    await town.send(campaign)
    await town.plan()
    claims = 0
    for _ in range(120):
        claims += await town.engine.deliver_one()
        town.clock.advance(seconds=30)
    assert least <= claims <= most
