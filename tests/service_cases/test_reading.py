"""Who reads which case: residents their own, officials any of the municipality, on the record."""

from dataclasses import replace

from sqlalchemy import select

from backend.kernel.audit import AuditEntry
from backend.kernel.ids import new_id
from backend.kernel.tenancy import MunicipalityId
from tests.drivers.people import Caller
from tests.service_cases.town import CODE, RecordSystem, Town, status_event

NEIGHBOUR = "32000000022"


async def first_case(resident: Caller) -> str:
    """Give the id of the resident's most recently changed case."""
    identity: str = (await resident.get("/mobile/v1/cases")).json()["cases"][0]["id"]
    return identity


async def test_cases_come_in_pages_the_most_recently_changed_first(
    town: Town, records: RecordSystem
) -> None:
    resident = await town.register_resident(CODE)
    for number in range(5):
        await records.post(status_event(number // 2, case=f"case-{number}"))
    seen, cursor = list[str](), ""
    while True:
        query = {"before": cursor} if cursor else {}
        page = (await resident.get("/mobile/v1/cases", limit=2, **query)).json()
        assert len(page["cases"]) <= 2
        seen += [case["number"] for case in page["cases"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == ["case-4", "case-3", "case-2", "case-1", "case-0"]


async def test_a_cursor_that_is_not_ours_and_a_page_of_no_or_too_many_cases_are_refused(
    town: Town,
) -> None:
    resident = await town.register_resident(CODE)
    cursors = ["x", "****", "MjAyNg", "MDAwMS0wMS0wMVQwMDowMDowMCsxNDowMCBh", "ā"]
    answers = [await resident.get("/mobile/v1/cases", before=cursor) for cursor in cursors]
    answers += [await resident.get("/mobile/v1/cases", limit=limit) for limit in (0, 101)]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {
        (400, "invalid_input")
    }


async def test_another_residents_case_looks_like_one_that_does_not_exist(
    town: Town, records: RecordSystem
) -> None:
    resident = await town.register_resident(CODE)
    neighbour = await town.register_resident(NEIGHBOUR)
    await records.post(status_event(1))
    theirs = await neighbour.get(f"/mobile/v1/cases/{await first_case(resident)}")
    missing = await neighbour.get(f"/mobile/v1/cases/{new_id()}")
    assert (theirs.status_code, theirs.json()["code"]) == (404, "case_not_found")
    assert (missing.status_code, missing.json()["code"]) == (404, "case_not_found")
    assert (await neighbour.get("/mobile/v1/cases")).json()["cases"] == []


async def test_an_official_sees_the_internal_word_and_the_look_is_written_down(
    town: Town, records: RecordSystem
) -> None:
    resident = await town.register_resident(CODE)
    await records.post(status_event(1))
    official = await town.staff("official")
    case_id = await first_case(resident)
    shown = (await official.get(f"/staff/v1/cases/{case_id}")).json()
    assert (shown["status"], shown["residentId"]) == ("internal-1", str(resident.subject_id))
    assert shown["timeline"][0]["eventId"] == "event-P-2026/17-1"
    async with town.database.read((town.tenant,)) as session:
        entry = await session.scalar(select(AuditEntry).filter_by(action="service_case.read"))
    assert entry is not None
    assert (entry.actor, entry.object_id) == (f"staff:{official.subject_id}", case_id)


async def test_staff_without_the_role_of_an_official_reads_no_case(town: Town) -> None:
    reader = await town.staff("communicator", "approver", "registrar", "administrator")
    assert (await reader.get(f"/staff/v1/cases/{new_id()}")).status_code == 403


async def test_an_official_of_another_municipality_does_not_find_the_case(
    town: Town, records: RecordSystem
) -> None:
    resident = await town.register_resident(CODE)
    await records.post(status_event(1))
    elsewhere = await replace(town, tenant=MunicipalityId(5000)).staff("official")
    answer = await elsewhere.get(f"/staff/v1/cases/{await first_case(resident)}")
    assert answer.status_code == 404


async def test_a_resident_is_no_official_and_an_official_no_resident(town: Town) -> None:
    resident = await town.register_resident(CODE)
    official = await town.staff("official")
    assert (await resident.get(f"/staff/v1/cases/{new_id()}")).status_code == 403
    assert (await official.get("/mobile/v1/cases")).status_code == 403


async def test_a_case_of_the_same_id_in_a_session_of_another_tenant_is_not_found(
    town: Town, records: RecordSystem
) -> None:
    resident = await town.register_resident(CODE)
    await records.post(status_event(1))
    elsewhere = replace(town, tenant=MunicipalityId(5000))
    double = await elsewhere.signed_in(resident.subject_id)
    answer = await double.get(f"/mobile/v1/cases/{await first_case(resident)}")
    assert answer.status_code == 404
