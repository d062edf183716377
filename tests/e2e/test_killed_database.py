"""The embedded database's postmaster is killed in the middle of a campaign."""

import os
import signal

from backend.adapters.simulators.behaviours import Behaviour, Mode
from backend.kernel.clock import civil_day, system_clock
from tests.drivers.installation import Installation
from tests.drivers.waiting import until
from tests.e2e.conftest import Registered
from tests.e2e.feed import read_feed
from tests.e2e.outcome import assert_complete, expected_addresses, repeats_in
from tests.e2e.story import PARISH, TEXTS, ZONE
from tests.e2e.town import add_staff, assert_balanced, campaign, families, town_on

WITH_APP = 60
SOME = 10
SETTINGS = {"workers": "1", "lease_seconds": "30", "sender_concurrency": "4"}


async def test_the_supervisor_revives_it_and_the_campaign_ends_with_nothing_lost_or_repeated(
    embedded: Installation, registered: Registered
) -> None:
    today = civil_day(system_clock(), ZONE)
    parents = read_feed(registered.feed).parents(PARISH, range(18), today)
    embedded.settings.update(SETTINGS)
    serving = embedded.start("serve", "--all")
    async with town_on(embedded) as town:
        await embedded.run("registry", "import", str(registered.feed))
        await add_staff(embedded)
        writer, approver = await town.staff()
        phones = await town.phones(parents[:WITH_APP])
        group = await town.group(writer, families(PARISH, 0, 17))
        path = await town.approved(writer, approver, campaign(group, TEXTS))
        slow = Behaviour(mode=Mode.SLOW, delay_seconds=0.3)
        await town.controls["fcm"].behave(slow)
        await writer.post(f"{path}/sending")

        async def is_under_way() -> bool:
            return await town.received("fcm", SOME)

        await until(is_under_way, "phones are being pushed to")
        _kill_postmaster(embedded)
        counters = await town.sent(writer, path)
        arrivals = await town.arrivals()
    assert '"event":"database_revived"' in serving.output
    assert_complete(arrivals, expected_addresses(parents, phones, "safety", is_binding=True))
    assert repeats_in(arrivals) == {}
    assert_balanced(counters)


def _kill_postmaster(installation: Installation) -> None:
    pid_file = installation.directory / "postgres" / "cluster" / "postmaster.pid"
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGKILL)
