"""The database goes away while a chunk is being sent, and comes back."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from backend.adapters.simulators.behaviours import Behaviour, Mode
from notifications.channels.ports import Channel
from tests.notifications.hub.town import Town

PATIENCE_SECONDS = 60.0
LEASE = timedelta(seconds=1.5)
ANSWER_SECONDS = 5.0  # many times the third of the lease after which it is extended


@asynccontextmanager
async def shut(owner_url: str, app_url: str) -> AsyncGenerator[None]:
    """End the application's connections and take no new ones for the time of the block."""
    name = make_url(owner_url).database
    owner, ending = await asyncpg.connect(owner_url), await asyncpg.connect(app_url)
    try:
        await owner.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT 0')
        await ending.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE usename = current_user AND datname = current_database()"
            " AND pid <> pg_backend_pid()"
        )
        await ending.close()
        yield
    finally:
        await owner.execute(f'ALTER DATABASE "{name}" CONNECTION LIMIT -1')
        await owner.close()


async def test_what_was_sent_meanwhile_is_counted_once_and_not_sent_again(
    town: Town, owner_url: str, app_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    slow = Behaviour(mode=Mode.SLOW, delay_seconds=ANSWER_SECONDS, times=1)
    await town.controls[Channel.EMAIL].behave(slow)
    town.engine = replace(town.engine, lease=LEASE)
    campaign = await town.draft(channels=["email"])
    await town.send(campaign)
    await town.plan()
    delivering = asyncio.create_task(town.engine.deliver_one())
    await town.controls[Channel.EMAIL].messages(wait_seconds=PATIENCE_SECONDS)
    async with shut(owner_url, app_url):
        await _logged(caplog, "lease_not_extended")
        await _logged(caplog, "results_not_written_yet")
    assert await delivering
    await town.deliver()
    assert (await town.counters(campaign))["email"] == {"accepted": 3}
    assert await town.state(campaign) == "sent"
    summary = await town.controls[Channel.EMAIL].summary()
    assert (summary["received"], summary["duplicates"]) == (3, 0)


async def _logged(caplog: pytest.LogCaptureFixture, event: str) -> None:
    """Wait for a log line; what is asserted is only what can be seen from outside."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while event not in caplog.text:
        assert time.monotonic() < deadline, f"no {event}"
        await asyncio.sleep(0.05)
