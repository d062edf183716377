"""Receipts of the SMS gateway and openings: each moves one counter, once."""

import asyncio
from typing import Any

from httpx import Response

from backend.kernel.ids import new_id
from notifications.channels.ports import Channel
from notifications.delivery.references import DeliveryKey, write_reference
from tests.drivers.people import ROPAZI
from tests.notifications.hub.town import Town


async def _sent(town: Town) -> tuple[str, list[dict[str, Any]]]:
    campaign = await town.draft(channels=["sms"])
    await town.send(campaign)
    await town.deliver()
    return campaign, await town.received(Channel.SMS)


async def _report(town: Town, reference: str, status: str) -> Response:
    body = {
        "id": "gateway-1",
        "reference": reference,
        "status": status,
        "at": "2026-11-20T09:00:05Z",
    }
    return await town.client.post(f"/ingest/v1/sms-receipts/{reference}", json=body)


def _reference(message: dict[str, Any]) -> str:
    reference: str = message["reference"]
    return reference


async def test_a_report_moves_the_delivery_and_its_repetition_does_not(town: Town) -> None:
    campaign, messages = await _sent(town)
    for _ in range(2):
        for message, status in zip(
            messages, ("DELIVERED", "UNDELIVERABLE", "EXPIRED"), strict=True
        ):
            assert (await _report(town, _reference(message), status)).status_code == 204
    await asyncio.gather(*(town.fold() for _ in range(3)))
    while await town.fold():
        pass
    expected = {"delivered": 1, "failed": 1, "expired": 1}
    assert (await town.counters(campaign))["sms"] == expected
    assert (await _report(town, _reference(messages[1]), "DELIVERED")).status_code == 204
    await town.fold()
    assert (await town.counters(campaign))["sms"] == expected


async def test_a_report_with_a_reference_that_we_did_not_write_is_refused(town: Town) -> None:
    campaign, messages = await _sent(town)
    reference = _reference(messages[0])
    forged = ("B" if reference[0] != "B" else "C") + reference[1:]
    for wrong in (forged, "x", reference[:-4]):
        answer = await _report(town, wrong, "DELIVERED")
        assert (answer.status_code, answer.json()["code"]) == (401, "receipt_reference_unknown")
    assert await town.fold() == 0
    assert (await town.counters(campaign))["sms"] == {"accepted": 3}


async def test_a_report_on_something_that_this_database_never_had_is_refused(town: Town) -> None:
    key = DeliveryKey(ROPAZI, new_id(), 0, Channel.SMS)
    reference = write_reference(key, town.engine.writer.receipt_key)
    answer = await _report(town, reference, "DELIVERED")
    assert (answer.status_code, answer.json()["code"]) == (401, "receipt_reference_unknown")


async def test_opening_counts_once_even_when_two_phones_open_at_once(town: Town) -> None:
    campaign, _ = await _sent(town)
    app = await town.app_of(town.residents[0])
    item = (await app.get("/inbox")).json()["items"][0]["id"]
    whole = (await app.get(f"/inbox/{item}")).json()
    assert whole["item"]["openedAt"] is None
    path = f"/inbox/{item}/opened"
    answers = await asyncio.gather(*(town.put(app, path, None) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {204}
    assert (await town.counters(campaign))["inbox"] == {"delivered": 2, "opened": 1}
    assert (await app.get("/inbox")).json()["unopened"] == 0


async def test_another_residents_message_is_not_found_and_not_opened(town: Town) -> None:
    campaign, _ = await _sent(town)
    owner, other = [await town.app_of(resident) for resident in town.residents[:2]]
    item = (await owner.get("/inbox")).json()["items"][0]["id"]
    assert (await other.get(f"/inbox/{item}")).status_code == 404
    assert (await town.put(other, f"/inbox/{item}/opened", None)).status_code == 404
    assert (await town.counters(campaign))["inbox"] == {"delivered": 3}


async def test_the_inbox_is_read_page_by_page_without_gaps(town: Town) -> None:
    for number in range(4):
        await town.send(await town.draft(name=f"Ziņa {number}", channels=[]))
    await town.plan()
    app = await town.app_of(town.residents[0])
    seen: list[str] = []
    pages, path = 0, "/inbox?limit=2"
    while path:
        pages += 1
        page = (await app.get(path)).json()
        seen.extend(item["id"] for item in page["items"])
        path = f"/inbox?limit=2&before={page['next']}" if page["next"] else ""
    assert (pages, len(seen), len(set(seen))) == (2, 4, 4)
    assert seen == sorted(seen, reverse=True)
