"""Keeping sources: registered once, secrets shown once, rotated without a gap, stopped at once."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select

from backend.kernel.audit import AuditEntry
from backend.kernel.ids import new_id
from backend.kernel.tenancy import MunicipalityId
from backend.service_cases.tables import StatusSource
from tests.drivers.people import Caller
from tests.service_cases.town import RecordSystem, Town, status_event

SOURCES = "/staff/v1/status-sources"
URI = "https://records.ropazi.example/cases"


@pytest.fixture
async def administrator(town: Town) -> Caller:
    """Sign in an administrator."""
    return await town.staff("administrator")


async def taken(system: RecordSystem, *secrets: str) -> int:
    """Post an event signed with these secrets; gives the status."""
    return (await replace(system, secrets=secrets).post(status_event(1))).status_code


async def rotate(administrator: Caller, system: RecordSystem, hours: int) -> str:
    """Rotate the system's secret; gives the new one."""
    answer = await administrator.post(
        f"{SOURCES}/{system.id}/secret-rotations", {"previousValidHours": hours}
    )
    assert answer.status_code == 201, answer.text
    secret: str = answer.json()["secret"]
    return secret


async def test_a_registered_source_is_listed_without_its_secret(
    administrator: Caller, records: RecordSystem
) -> None:
    answer = await administrator.get(SOURCES)
    (source,) = answer.json()["sources"]
    assert (source["id"], source["source"], source["enabled"]) == (str(records.id), URI, True)
    assert "whsec_" not in answer.text


async def test_a_repeated_registration_with_one_key_answers_the_same_secret(
    administrator: Caller,
) -> None:
    body, key = {"source": URI, "name": "Records"}, "k" * 16
    first = await administrator.post(SOURCES, body, key)
    again = await administrator.post(SOURCES, body, key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()


@pytest.mark.usefixtures("records")
async def test_a_source_uri_is_registered_once(administrator: Caller) -> None:
    answer = await administrator.post(SOURCES, {"source": URI, "name": "Again"})
    assert (answer.status_code, answer.json()["code"]) == (409, "status_source_exists")


async def test_a_source_needs_a_uri_and_a_name(administrator: Caller) -> None:
    bodies = [{"source": "", "name": "x"}, {"source": "a b", "name": "x"}, {"source": URI}]
    answers = [await administrator.post(SOURCES, body) for body in bodies]
    assert [answer.status_code for answer in answers] == [400, 400, 400]


async def test_secrets_stand_encrypted_in_the_database(town: Town, records: RecordSystem) -> None:
    async with town.database.read((town.tenant,)) as session:
        sealed = await session.scalar(select(StatusSource.secret_sealed))
    assert sealed is not None
    assert records.secrets[0].encode() not in sealed
    assert town.vault.open(sealed, label="status_source.secret") == records.secrets[0]


async def test_what_is_done_to_a_source_is_written_down(
    town: Town, administrator: Caller, records: RecordSystem
) -> None:
    await rotate(administrator, records, hours=1)
    await administrator.put(f"{SOURCES}/{records.id}/state", {"enabled": False})
    entries = select(AuditEntry).where(AuditEntry.object_id == str(records.id))
    async with town.database.read((town.tenant,)) as session:
        written = (await session.scalars(entries.order_by(AuditEntry.id))).all()
    assert {entry.object_kind for entry in written} == {"status_source"}
    assert [(entry.action, entry.particulars) for entry in written] == [
        ("status_source.register", {}),
        ("status_source.rotate_secret", {}),
        ("status_source.switch", {"enabled": False}),
    ]


async def test_after_a_rotation_both_secrets_count_until_the_overlap_ends(
    town: Town, administrator: Caller, records: RecordSystem
) -> None:
    old, new = records.secrets[0], await rotate(administrator, records, hours=1)
    assert [await taken(records, old), await taken(records, new)] == [202, 202]
    assert await taken(records, old, new) == 202
    town.clock.advance(seconds=3600)
    assert [await taken(records, old), await taken(records, new)] == [401, 202]


async def test_a_leaked_secret_is_stopped_at_once(
    administrator: Caller, records: RecordSystem
) -> None:
    old, new = records.secrets[0], await rotate(administrator, records, hours=0)
    assert [await taken(records, old), await taken(records, new)] == [401, 202]


async def test_a_second_rotation_drops_the_oldest_secret(
    administrator: Caller, records: RecordSystem
) -> None:
    oldest = records.secrets[0]
    middle = await rotate(administrator, records, hours=24)
    newest = await rotate(administrator, records, hours=24)
    assert await taken(records, oldest) == 401
    assert [await taken(records, middle), await taken(records, newest)] == [202, 202]


async def test_of_two_rotations_at_once_both_secrets_count(
    administrator: Caller, records: RecordSystem
) -> None:
    secrets = await asyncio.gather(*(rotate(administrator, records, hours=24) for _ in range(2)))
    assert [await taken(records, secret) for secret in secrets] == [202, 202]


async def test_a_source_that_is_switched_off_is_refused_until_it_is_switched_on(
    administrator: Caller, records: RecordSystem
) -> None:
    state = f"{SOURCES}/{records.id}/state"
    assert (await administrator.put(state, {"enabled": False})).json()["enabled"] is False
    assert await taken(records, *records.secrets) == 401
    await administrator.put(state, {"enabled": True})
    assert await taken(records, *records.secrets) == 202


async def test_a_source_of_another_municipality_is_not_found(
    town: Town, records: RecordSystem
) -> None:
    stranger = await replace(town, tenant=MunicipalityId(5000)).staff("administrator")
    rotated = await stranger.post(f"{SOURCES}/{records.id}/secret-rotations", {})
    switched = await stranger.put(f"{SOURCES}/{records.id}/state", {"enabled": False})
    assert (rotated.status_code, switched.status_code) == (404, 404)
    assert (await stranger.get(SOURCES)).json()["sources"] == []


async def test_only_administrators_keep_sources(town: Town) -> None:
    other = await town.staff("communicator", "approver", "official", "registrar")
    answers = [
        await other.get(SOURCES),
        await other.post(SOURCES, {"source": URI, "name": "Records"}),
        await other.post(f"{SOURCES}/{new_id()}/secret-rotations", {}),
        await other.put(f"{SOURCES}/{new_id()}/state", {"enabled": True}),
    ]
    assert {answer.status_code for answer in answers} == {403}
