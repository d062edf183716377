"""Counters of a campaign that very many people opened stay quick to read, and right."""

from uuid import UUID

from sqlalchemy import func, select

from backend.kernel.housekeeping import HOUSEKEEPING_DUE
from backend.kernel.outbox import publish
from notifications.campaigns.models import Campaign
from notifications.delivery.models import Tally
from notifications.delivery.results import add_tally
from notifications.inbox.service import OPENED
from tests.drivers.people import ROPAZI
from tests.notifications.hub.town import Town


async def _changes(town: Town, campaign: str) -> tuple[UUID, int]:
    async with town.database.read((ROPAZI,)) as session:
        found = await session.get_one(Campaign, (ROPAZI, UUID(campaign)))
        assert found.dispatch_id is not None
        count = select(func.count()).where(Tally.dispatch_id == found.dispatch_id)
        return found.dispatch_id, await session.scalar(count) or 0


async def test_housekeeping_sums_up_many_changes_and_changes_no_counter(town: Town) -> None:
    campaign = await town.draft(channels=["sms"])
    await town.send(campaign)
    await town.deliver()
    dispatch, few = await _changes(town, campaign)
    back = {key: -delta for key, delta in OPENED.items()}
    async with town.database.write((ROPAZI,)) as session:
        for _ in range(100):
            await add_tally(session, ROPAZI, dispatch, OPENED)
            await add_tally(session, ROPAZI, dispatch, back)
        await add_tally(session, ROPAZI, dispatch, OPENED)
        await publish(session, ROPAZI, HOUSEKEEPING_DUE, {}, town.clock())
    counters = await town.counters(campaign)
    assert counters["inbox"] == {"delivered": 2, "opened": 1}
    await town.plan()
    assert await town.counters(campaign) == counters
    _, left = await _changes(town, campaign)
    assert left <= few + 1
