"""Posting status events: who is believed, what is refused, and that a repeat changes nothing."""

import asyncio
from dataclasses import replace

import pytest

from backend.kernel.tenancy import MunicipalityId
from backend.kernel.webhooks import new_secret
from backend.service_cases.tables import ServiceCase, StatusEventRow, UnmatchedStatusEvent
from tests.service_cases.town import CODE, RecordSystem, Town, status_event, steps_told


async def test_a_signed_event_is_taken_and_its_case_shown_to_the_resident(
    town: Town, records: RecordSystem
) -> None:
    resident = await town.register_resident(CODE)
    answer = await records.post(status_event(1))
    assert (answer.status_code, answer.json()) == (202, {"id": "event-P-2026/17-1"})
    (case,) = (await resident.get("/mobile/v1/cases")).json()["cases"]
    assert case["number"] == "P-2026/17"
    assert case["stage"] == {"code": "received", "title": {"lv": "Saņemts", "en": "Received"}}


async def test_plain_json_is_taken_as_well_and_another_media_type_is_not(
    records: RecordSystem,
) -> None:
    status = {
        media_type: (
            await replace(records, media_type=media_type).post(status_event(1))
        ).status_code
        for media_type in (
            "application/json",
            "application/json; charset=utf-8",
            "application/cloudevents-batch+json",
        )
    }
    assert list(status.values()) == [202, 202, 415]


async def test_an_unsigned_event_is_refused_and_leaves_nothing(
    town: Town, records: RecordSystem
) -> None:
    headers = ("webhook_id", "webhook_timestamp", "webhook_signature")
    answers = [await records.post(status_event(1), **{header: ""}) for header in headers]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {
        (401, "webhook_unsigned")
    }
    assert await town.count(UnmatchedStatusEvent) == 0


async def test_an_event_signed_with_another_secret_is_refused(records: RecordSystem) -> None:
    answer = await replace(records, secrets=[new_secret()]).post(status_event(1))
    assert (answer.status_code, answer.json()["code"]) == (401, "webhook_signature_invalid")


async def test_an_unknown_source_looks_like_a_wrong_signature(records: RecordSystem) -> None:
    stranger = status_event(1) | {"source": "https://stranger.example"}
    wrong = await replace(records, secrets=[new_secret()]).post(status_event(1))
    unknown = await records.post(stranger)
    ours = {name: wrong.json()[name] for name in ("code", "title", "status")}
    theirs = {name: unknown.json()[name] for name in ("code", "title", "status")}
    assert (unknown.status_code, theirs) == (401, ours)


async def test_a_body_changed_on_the_way_is_refused(town: Town, records: RecordSystem) -> None:
    await town.register_resident(CODE)
    signed = await records.post(status_event(1))
    sent = signed.request
    tampered = sent.content.replace(b"received", b"decided ")
    answer = await town.client.post(str(sent.url), content=tampered, headers=dict(sent.headers))
    assert (answer.status_code, answer.json()["code"]) == (401, "webhook_signature_invalid")


async def test_a_message_kept_for_over_five_minutes_is_refused(
    town: Town, records: RecordSystem
) -> None:
    sent = (await records.post(status_event(1))).request
    town.clock.advance(seconds=301)
    answer = await town.client.post(str(sent.url), content=sent.content, headers=dict(sent.headers))
    assert answer.json()["code"] == "webhook_timestamp_outside_tolerance"


async def test_a_source_of_one_municipality_is_unknown_in_every_other(
    records: RecordSystem,
) -> None:
    for municipality in ("LV0005000", "LV9999999", "XX0044000", "44000"):
        answer = await replace(records, municipality=municipality).post(status_event(1))
        assert (answer.status_code, answer.json()["code"]) == (401, "webhook_signature_invalid")


async def test_a_replayed_event_is_taken_again_and_changes_nothing(
    town: Town, records: RecordSystem
) -> None:
    resident = await town.register_resident(CODE)
    await records.post(status_event(1))
    before = (await resident.get("/mobile/v1/cases")).json()
    town.clock.advance(seconds=60)
    again = await records.post(status_event(1), webhook_id="event-P-2026/17-1")
    assert (again.status_code, again.json()) == (202, {"id": "event-P-2026/17-1"})
    assert (await resident.get("/mobile/v1/cases")).json() == before
    assert await steps_told(resident) == ["Solis 1"]


async def test_another_content_under_a_known_event_id_changes_nothing(
    town: Town, records: RecordSystem
) -> None:
    resident = await town.register_resident(CODE)
    await records.post(status_event(1, "received", event_id="e1"))
    answer = await records.post(status_event(2, "decided", event_id="e1"))
    assert answer.status_code == 202
    (case,) = (await resident.get("/mobile/v1/cases")).json()["cases"]
    assert case["stage"]["code"] == "received"


async def test_one_event_id_told_for_a_second_case_opens_no_empty_case(
    town: Town, records: RecordSystem
) -> None:
    await town.register_resident(CODE)
    await records.post(status_event(1, case="A", event_id="e1"))
    answer = await records.post(status_event(1, case="B", event_id="e1"))
    assert (answer.status_code, await town.count(ServiceCase)) == (202, 1)


async def test_the_same_event_delivered_many_times_at_once_is_one_event_and_one_message(
    town: Town, records: RecordSystem
) -> None:
    resident = await town.register_resident(CODE)
    answers = await asyncio.gather(*(records.post(status_event(1)) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {202}
    assert await town.count(StatusEventRow) == 1
    assert await steps_told(resident) == ["Solis 1"]


async def test_different_events_of_a_new_case_arriving_at_once_are_all_kept_in_one_case(
    town: Town, records: RecordSystem
) -> None:
    resident = await town.register_resident(CODE)
    stages = ["received", "in_progress", "waiting_for_you", "in_progress", "decided", "closed"]
    events = [status_event(number, stage) for number, stage in enumerate(stages)]
    answers = await asyncio.gather(*(records.post(event) for event in reversed(events)))
    assert {answer.status_code for answer in answers} == {202}
    (case,) = (await resident.get("/mobile/v1/cases")).json()["cases"]
    assert case["stage"]["code"] == "closed"
    assert await town.count(StatusEventRow) == len(stages)


async def test_of_events_of_a_standing_case_arriving_at_once_the_last_one_prevails(
    town: Town, records: RecordSystem
) -> None:
    resident = await town.register_resident(CODE)
    numbers = [f"case-{number}" for number in range(5)]
    for number in numbers:
        await records.post(status_event(0, case=number))
        stages = ["closed", "decided", "in_progress", "waiting_for_you", "in_progress"]
        events = [status_event(9 - late, stage, case=number) for late, stage in enumerate(stages)]
        await asyncio.gather(*(records.post(event) for event in events))
    cases = (await resident.get("/mobile/v1/cases")).json()["cases"]
    assert [case["stage"]["code"] for case in cases] == ["closed"] * len(numbers)


@pytest.mark.usefixtures("records")
async def test_the_same_source_uri_in_two_municipalities_is_two_sources(town: Town) -> None:
    elsewhere = replace(town, tenant=MunicipalityId(5000))
    other = await elsewhere.connect_system()
    await elsewhere.register_resident(CODE)
    assert (await other.post(status_event(1))).status_code == 202
    assert (await elsewhere.count(ServiceCase), await town.count(ServiceCase)) == (1, 0)


async def test_a_malformed_event_is_refused_with_a_pointer_and_leaves_nothing(
    town: Town, records: RecordSystem
) -> None:
    answer = await records.post(status_event(1, "lost"))
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert answer.json()["errors"][0]["pointer"] == "/data/stage"
    assert await town.count(UnmatchedStatusEvent) == 0


async def test_a_body_that_is_no_event_at_all_is_refused(records: RecordSystem) -> None:
    bodies = [b"", b"{", b"[]", b'"x"', b'{"source": 1}', b'{"source": "\\u0000"}']
    answers = [await records.post_bytes(body) for body in bodies]
    assert [answer.status_code for answer in answers] == [400] * len(bodies)


async def test_a_malformed_event_is_not_judged_before_its_signature(records: RecordSystem) -> None:
    answer = await replace(records, secrets=[new_secret()]).post(status_event(1, "lost"))
    assert answer.status_code == 401


async def test_an_event_of_over_64_kilobytes_is_refused(records: RecordSystem) -> None:
    answer = await records.post(status_event(1) | {"padding": "x" * 65_536})
    assert answer.status_code == 413
