"""A worker is killed in the middle of a campaign, and another one takes over."""

from dataclasses import dataclass

import pytest

from backend.adapters.simulators.behaviours import Behaviour, Mode
from backend.demo.api import Api
from backend.kernel.clock import civil_day, system_clock
from tests.drivers.installation import Installation
from tests.drivers.waiting import until
from tests.e2e.conftest import Registered
from tests.e2e.feed import read_feed
from tests.e2e.outcome import assert_complete, expected_addresses, repeats_in
from tests.e2e.story import PARISH, TEXTS, ZONE
from tests.e2e.town import Json, Town, assert_balanced, campaign, families, states_of, town_on

AT_ONCE = 4
WITH_APP = 60
SETTINGS = {
    "lease_seconds": "4",
    "sender_concurrency": str(AT_ONCE),
    "chunk_push": "30",
    "chunk_email": "25",
    "chunk_sms": "15",
}
FROZEN = Behaviour(mode=Mode.SLOW, delay_seconds=300)


@dataclass(frozen=True)
class Blow:
    """Which campaign is hit on which simulator, after how many messages were taken in peace."""

    name: str
    simulator: str
    channel: str
    taken: int
    chunk: int
    differing: Json


ALERT = Blow("alert", "fcm", "push", taken=25, chunk=20, differing={})
CIVIC = Blow(
    "civic",
    "sms",
    "sms",
    taken=20,
    chunk=15,
    differing={"messageClass": "civic", "severity": None, "topic": "culture"},
)


@pytest.mark.parametrize("blow", [ALERT, CIVIC], ids=lambda blow: blow.name)
async def test_everybody_is_reached_and_at_most_one_chunk_is_repeated_under_its_own_name(
    installation: Installation, registered: Registered, blow: Blow
) -> None:
    today = civil_day(system_clock(), ZONE)
    parents = read_feed(registered.feed).parents(PARISH, range(18), today)
    installation.settings.update(SETTINGS)
    for command in ("simulators", "serve"):
        installation.start(command)
    killed = installation.start("worker")
    async with town_on(installation) as town:
        writer, approver = await town.staff()
        phones = await town.phones(parents[:WITH_APP])
        group = await town.group(writer, families(PARISH, 0, 17))
        content = campaign(group, TEXTS, **blow.differing)
        path = await town.approved(writer, approver, content)
        await _freeze_in_the_middle(town, writer, path, blow)
        killed.kill()
        await town.controls[blow.simulator].behave()
        assert states_of(await writer.get(f"{path}/counters"), blow.channel)["sending"] > 0
        installation.start("worker")
        counters = await town.sent(writer, path)
        arrivals = await town.arrivals()
    topic = content["topic"]
    expected = expected_addresses(parents, phones, topic, is_binding=blow is ALERT)
    assert_complete(arrivals, expected)
    repeats = repeats_in(arrivals)
    assert set(repeats) == {blow.simulator}
    assert 0 < repeats[blow.simulator] <= blow.chunk
    assert_balanced(counters)
    assert counters["recipients"] == len(parents)


async def _freeze_in_the_middle(town: Town, writer: Api, path: str, blow: Blow) -> None:
    """Send, and let the simulator stop answering in the middle of the second chunk."""
    in_peace = Behaviour(times=blow.taken)
    await town.controls[blow.simulator].behave(in_peace, FROZEN)
    await writer.post(f"{path}/sending")

    async def is_frozen() -> bool:
        return await town.received(blow.simulator, blow.taken + AT_ONCE)

    await until(is_frozen, "the second chunk is under way")
