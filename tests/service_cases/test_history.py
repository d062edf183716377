"""The order of arrival makes no difference, and the resident hears of new steps only."""

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select

from notifications.channels.ports import Channel
from notifications.delivery.content import decode_texts
from notifications.messages.texts import text_for
from notifications.tables import Dispatch
from tests.drivers.people import Caller
from tests.service_cases.town import CODE, RecordSystem, Town, inbox_of, status_event, steps_told

STAGES = ("received", "in_progress", "decided")


async def case_of(resident: Caller) -> dict[str, Any]:
    """Read the resident's only case with its timeline, without its id."""
    (case,) = (await resident.get("/mobile/v1/cases")).json()["cases"]
    shown: dict[str, Any] = (await resident.get(f"/mobile/v1/cases/{case['id']}")).json()
    del shown["case"]["id"]
    return shown


async def deliver(records: RecordSystem, events: Sequence[dict[str, Any]]) -> None:
    """Post events one after another."""
    for event in events:
        assert (await records.post(event)).status_code == 202


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_every_order_of_arrival_with_repeats_shows_the_same_case(
    town: Town, records: RecordSystem, order: Sequence[int]
) -> None:
    resident = await town.register_resident(CODE)
    events = [status_event(number, stage) for number, stage in enumerate(STAGES)]
    shuffled = [events[number] for number in order]
    await deliver(records, [*shuffled, *shuffled])
    shown = await case_of(resident)
    assert [entry["stage"]["code"] for entry in shown["timeline"]] == list(STAGES)
    assert shown["case"]["stage"]["code"] == "decided"
    assert shown["case"]["openedAt"] == "2026-11-20T09:00:00Z"
    assert shown["case"]["updatedAt"] == "2026-11-20T11:00:00Z"


async def test_a_missing_event_leaves_a_case_that_the_late_arrival_completes(
    town: Town, records: RecordSystem
) -> None:
    resident = await town.register_resident(CODE)
    first, second, third = (status_event(number, stage) for number, stage in enumerate(STAGES))
    await deliver(records, [first, third])
    gap = await case_of(resident)
    assert [entry["stage"]["code"] for entry in gap["timeline"]] == ["received", "decided"]
    await deliver(records, [second])
    complete = await case_of(resident)
    assert complete["case"] == gap["case"]
    assert [entry["stage"]["code"] for entry in complete["timeline"]] == list(STAGES)


async def test_each_new_step_is_told_once_and_a_late_one_is_not(
    town: Town, records: RecordSystem
) -> None:
    resident = await town.register_resident(CODE)
    await deliver(records, [status_event(number) for number in (1, 3, 2, 3)])
    assert await steps_told(resident) == ["Solis 1", "Solis 3"]


async def test_a_new_internal_word_within_the_same_step_is_not_told(
    town: Town, records: RecordSystem
) -> None:
    resident = await town.register_resident(CODE)
    title = {"stepTitle": {"lv": "Pārbaude", "en": "Checks"}}
    await deliver(
        records,
        [
            status_event(1, "in_progress", changes=title),
            status_event(2, "in_progress", changes=title),
        ],
    )
    assert await steps_told(resident) == ["Pārbaude"]
    assert len((await case_of(resident))["timeline"]) == 2


async def test_the_message_tells_the_step_and_leads_to_the_case(
    town: Town, records: RecordSystem
) -> None:
    resident = await town.register_resident(CODE)
    note = {"lv": "Atbilde būs desmit dienās.", "en": "Expect an answer in ten days."}
    await deliver(records, [status_event(1, changes={"note": note})])
    (case,) = (await resident.get("/mobile/v1/cases")).json()["cases"]
    (message,) = await inbox_of(resident)
    assert message["item"]["title"] == "Dzīvesvietas deklarēšana"
    assert message["body"] == "Lieta P-2026/17: Solis 1 (Saņemts).\nAtbilde būs desmit dienās."
    assert (message["link"], message["item"]["messageClass"]) == (f"/cases/{case['id']}", "service")


async def test_what_a_locked_screen_shows_names_neither_service_nor_case_nor_step(
    town: Town, records: RecordSystem
) -> None:
    await town.register_resident(CODE)
    await deliver(records, [status_event(1)])
    async with town.database.read((town.tenant,)) as session:
        texts = decode_texts((await session.scalars(select(Dispatch.texts))).one())
    shown = {text_for(texts, "lv", channel).title for channel in (Channel.PUSH, Channel.EMAIL)}
    assert shown == {"Jauns statuss jūsu lietā"}
    assert text_for(texts, "en", Channel.SMS).body == "New status in your case"


async def test_a_note_reaches_the_timeline_in_both_languages(
    town: Town, records: RecordSystem
) -> None:
    resident = await town.register_resident(CODE)
    note = {"lv": "Lūdzu, iesniedziet līgumu.", "en": "Please hand in the contract."}
    await deliver(records, [status_event(1, "waiting_for_you", changes={"note": note})])
    (entry,) = (await case_of(resident))["timeline"]
    assert entry == {
        "occurredAt": "2026-11-20T10:00:00Z",
        "stage": {
            "code": "waiting_for_you",
            "title": {"lv": "Gaida jūsu rīcību", "en": "Waiting for you"},
        },
        "title": {"lv": "Solis 1", "en": "Step 1"},
        "note": note,
    }


async def test_two_sources_may_use_one_number_for_two_cases(
    town: Town, records: RecordSystem
) -> None:
    resident = await town.register_resident(CODE)
    other = await town.connect_system("https://tax.ropazi.example")
    await deliver(records, [status_event(1)])
    await deliver(other, [status_event(1) | {"source": "https://tax.ropazi.example"}])
    assert len((await resident.get("/mobile/v1/cases")).json()["cases"]) == 2
