"""The closed tables of moves, walked from end to end, and the API held to them."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import TypeVar
from uuid import UUID

import pytest
from httpx import Response
from sqlalchemy import update

from backend.kernel.ids import new_id
from notifications.campaigns import rules as campaigns
from notifications.campaigns.models import Campaign
from notifications.campaigns.rules import CampaignState
from notifications.channels.ports import Channel, Outcome, Result
from notifications.delivery import rules as deliveries
from notifications.delivery.outcomes import settle
from notifications.delivery.queries import Claim
from notifications.delivery.rules import DeliveryState, Lane
from notifications.receipts.rules import MEANING
from tests.drivers.people import ROPAZI
from tests.notifications.hub.town import Town

S = TypeVar("S")

CAMPAIGN_ENDS = {CampaignState.SENT, CampaignState.CANCELLED, CampaignState.FAILED}
DELIVERY_ENDS = {
    DeliveryState.OPENED,
    DeliveryState.FAILED,
    DeliveryState.EXPIRED,
    DeliveryState.SUPPRESSED,
    DeliveryState.CANCELLED,
}


def _reached(moves: Mapping[S, Collection[S]], starts: Collection[S]) -> set[S]:
    found, edge = set(starts), list(starts)
    while edge:
        fresh = set(moves[edge.pop()]) - found
        found |= fresh
        edge.extend(fresh)
    return found


def test_every_campaign_state_has_its_moves_and_is_reached_from_the_draft() -> None:
    assert set(campaigns.MOVES) == set(CampaignState)
    assert {state for state, to in campaigns.MOVES.items() if not to} == CAMPAIGN_ENDS
    assert _reached(campaigns.MOVES, {CampaignState.DRAFT}) == set(CampaignState)
    for state in set(CampaignState) - CAMPAIGN_ENDS:
        assert _reached(campaigns.MOVES, {state}) & CAMPAIGN_ENDS, f"no way out of {state}"
        assert CampaignState.CANCELLED in campaigns.MOVES[state]


def test_every_delivery_state_has_its_moves_and_is_reached_from_the_planner() -> None:
    assert set(deliveries.MOVES) == set(DeliveryState)
    assert {state for state, to in deliveries.MOVES.items() if not to} == DELIVERY_ENDS
    assert _reached(deliveries.MOVES, deliveries.STARTS) == set(DeliveryState)
    for state in DeliveryState:
        assert _reached(deliveries.MOVES, {state}) & DELIVERY_ENDS, f"no way out of {state}"


@pytest.mark.parametrize("current", DeliveryState)
def test_a_report_moves_a_delivery_only_as_the_table_says(current: DeliveryState) -> None:
    moved = {to for to in DeliveryState if deliveries.may_move(current, to)}
    assert moved == deliveries.MOVES[current]
    reported = {state for state, _ in MEANING.values()}
    if current in DELIVERY_ENDS:
        assert not moved & reported


@pytest.mark.parametrize("tries", [0, len(deliveries.RETRY_SECONDS)])
@pytest.mark.parametrize("urgent", [False, True])
def test_whatever_a_provider_answers_is_a_move_from_sending(tries: int, *, urgent: bool) -> None:
    for channel, result in product(Channel, Result):
        claim = Claim(
            new_id(), ROPAZI, new_id(), channel, Lane.BULK, 1, tries, DeliveryState.QUEUED, (7,)
        )
        settled = settle(claim, claim.ordinals, [Outcome(result)], urgent=urgent)
        now = datetime(2026, 11, 20, tzinfo=UTC)
        waiting = settled.retry_chunks(claim, now, now + timedelta(days=1))
        ends = {row.state for row in settled.rows} | {chunk.planned_as for chunk in waiting}
        assert len(ends) == 1
        assert ends <= deliveries.MOVES[DeliveryState.SENDING]


async def _force(town: Town, campaign: str, state: CampaignState) -> None:
    """Put a campaign into a state to which no step of the API leads yet."""
    async with town.database.write((ROPAZI,)) as session:
        await session.execute(
            update(Campaign).where(Campaign.id == UUID(campaign)).values(state=state.value)
        )


async def _take(town: Town, campaign: str, wanted: CampaignState) -> Response:
    path = f"/campaigns/{campaign}"
    match wanted:
        case CampaignState.DRAFT:
            headers = {"if-match": '"1"'}
            return await town.put(town.communicator, path, town.campaign(), **headers)
        case CampaignState.IN_REVIEW:
            return await town.communicator.post(f"{path}/review")
        case CampaignState.APPROVED:
            seen = {"digest": (await town.preview(campaign))["digest"]}
            return await town.approver.post(f"{path}/approval", seen)
        case CampaignState.SENDING:
            return await town.communicator.post(f"{path}/sending")
        case _:
            return await town.communicator.post(f"{path}/cancellation")


STEPS = (
    CampaignState.DRAFT,
    CampaignState.IN_REVIEW,
    CampaignState.APPROVED,
    CampaignState.SENDING,
    CampaignState.CANCELLED,
)


@pytest.mark.parametrize("wanted", STEPS)
async def test_the_api_refuses_every_move_that_the_table_does_not_allow(
    town: Town, wanted: CampaignState
) -> None:
    for state in CampaignState:
        campaign = await town.draft()
        if wanted is CampaignState.SENDING:
            await town.approve(campaign)
        await _force(town, campaign, state)
        answer = await _take(town, campaign, wanted)
        # A draft may be edited: it stays one.
        allowed = wanted in campaigns.MOVES[state] or state is wanted is CampaignState.DRAFT
        if allowed:
            assert answer.is_success, (state, wanted, answer.text)
            assert await town.state(campaign) == wanted
        else:
            assert (answer.status_code, answer.json()["code"]) == (409, "campaign_state_conflict")
            assert await town.state(campaign) == state
