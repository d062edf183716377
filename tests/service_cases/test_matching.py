"""Nothing accepted is lost: events of people not known yet wait, and nobody sees another's case."""

from typing import Any

from backend.kernel.ids import new_id
from backend.kernel.outbox import backlog, publish
from backend.kernel.settings import load_settings
from backend.service_cases.tables import UnmatchedStatusEvent
from backend.worker.handlers import outbox_handlers
from backend.worker.loops import dispatch_one
from groups.public import IMPORTED
from tests.drivers.people import Caller
from tests.service_cases.town import CODE, RecordSystem, Town, status_event, steps_told

FORMER_CODE = "010190-10011"
NEIGHBOUR = "32000000022"


async def stages(resident: Caller) -> list[str]:
    """List the stages of the resident's cases."""
    cases = (await resident.get("/mobile/v1/cases")).json()["cases"]
    return [case["stage"]["code"] for case in cases]


async def import_registry(town: Town) -> None:
    """Let the worker act on what an import of the registry leaves behind."""
    handlers, serving = outbox_handlers(load_settings({}), town.clock), (town.tenant,)
    async with town.database.write(serving) as session:
        await publish(session, town.tenant, IMPORTED, {}, town.clock())
    turn = dispatch_one(town.database, serving, handlers, town.clock)
    while await turn():
        pass
    async with town.database.read(serving) as session:
        assert await backlog(session) == (0, 0)


async def unmatched(town: Town) -> int:
    """Read how many events of the town's only source wait."""
    administrator = await town.staff("administrator")
    (source,) = (await administrator.get("/staff/v1/status-sources")).json()["sources"]
    count: int = source["unmatchedEvents"]
    return count


async def test_an_event_of_an_unknown_person_is_taken_counted_and_kept_once(
    town: Town, records: RecordSystem
) -> None:
    answers = [await records.post(status_event(1)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert await unmatched(town) == 1


async def test_waiting_events_find_their_case_once_the_person_is_registered(
    town: Town, records: RecordSystem
) -> None:
    await records.post(status_event(2, "decided"))
    await records.post(status_event(1, "received"))
    resident = await town.register_resident(CODE)
    await import_registry(town)
    assert await stages(resident) == ["decided"]
    assert await steps_told(resident) == ["Solis 2"]
    assert await unmatched(town) == 0


async def test_waiting_events_join_the_next_event_of_their_case(
    town: Town, records: RecordSystem
) -> None:
    await records.post(status_event(1))
    resident = await town.register_resident(CODE)
    await records.post(status_event(2, "decided"))
    (case,) = (await resident.get("/mobile/v1/cases")).json()["cases"]
    shown = (await resident.get(f"/mobile/v1/cases/{case['id']}")).json()
    assert [entry["stage"]["code"] for entry in shown["timeline"]] == ["received", "decided"]
    assert await unmatched(town) == 0


async def test_a_waiting_event_that_is_sent_again_once_the_person_is_known_is_one_event(
    town: Town, records: RecordSystem
) -> None:
    await records.post(status_event(1))
    resident = await town.register_resident(CODE)
    await records.post(status_event(1))
    assert await steps_told(resident) == ["Solis 1"]
    assert await unmatched(town) == 0


async def test_a_person_is_matched_by_a_former_code_in_either_spelling(
    town: Town, records: RecordSystem
) -> None:
    resident = await town.register_resident(CODE, FORMER_CODE.replace("-", ""))
    await records.post(status_event(1, code=FORMER_CODE))
    await records.post(status_event(2, "decided", code=CODE))
    assert await stages(resident) == ["decided"]


async def test_a_person_may_be_named_by_our_id_of_the_resident(
    town: Town, records: RecordSystem
) -> None:
    resident = await town.register_resident(CODE)
    person: dict[str, Any] = {"person": {"residentId": str(resident.subject_id)}}
    stranger: dict[str, Any] = {"person": {"residentId": str(new_id())}}
    await records.post(status_event(1, changes=person))
    await records.post(status_event(1, case="other", changes=stranger))
    assert await stages(resident) == ["received"]
    assert await unmatched(town) == 1


async def test_an_event_for_another_person_never_joins_a_case_and_is_kept(
    town: Town, records: RecordSystem
) -> None:
    resident = await town.register_resident(CODE)
    neighbour = await town.register_resident(NEIGHBOUR)
    await records.post(status_event(1))
    assert (await records.post(status_event(2, "decided", code=NEIGHBOUR))).status_code == 202
    assert (await stages(resident), await stages(neighbour)) == (["received"], [])
    await import_registry(town)
    assert await unmatched(town) == 1


async def test_a_waiting_event_whose_case_became_anothers_is_kept_and_not_tried_again(
    town: Town, records: RecordSystem
) -> None:
    await records.post(status_event(1, code=NEIGHBOUR))
    await town.register_resident(CODE)
    await records.post(status_event(2))
    neighbour = await town.register_resident(NEIGHBOUR)
    await import_registry(town)
    assert await stages(neighbour) == []
    assert await town.count(UnmatchedStatusEvent) == 1
