"""Staff members are kept by subject, sign in with their roles, and see themselves."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from uuid import UUID

import pytest
from httpx import AsyncClient, Response
from sqlalchemy import func, select, text, update

from backend.kernel.audit import AuditEntry
from backend.kernel.clock import Clock
from backend.kernel.db import Database
from backend.kernel.login_sessions import LoginSession
from backend.kernel.principals import PrincipalKind
from backend.kernel.settings import load_settings
from backend.kernel.sign_in.assertions import development_assertion
from backend.kernel.tenancy import MunicipalityId
from backend.staff.models import StaffMember
from backend.staff.public import StaffRole, disable_staff_member, ensure_staff_member

SECRET = load_settings({}).sign_in.development_secret or ""
ROPAZI, OTHER = MunicipalityId(44000), MunicipalityId(38001)
BOTH = (StaffRole.COMMUNICATOR, StaffRole.REGISTRAR)

Ensure = Callable[..., Awaitable[UUID]]
SignIn = Callable[..., Awaitable[Response]]


@pytest.fixture
def ensure(database: Database, clock: Clock) -> Ensure:
    """Keep a staff member."""

    async def keep(
        subject: str = "ilze.paraugs",
        roles: Collection[StaffRole] = BOTH,
        municipality: MunicipalityId = ROPAZI,
    ) -> UUID:
        async with database.write((municipality,)) as session:
            return await ensure_staff_member(
                session,
                municipality,
                subject=subject,
                name="Ilze Paraugs",
                roles=roles,
                now=clock(),
            )

    return keep


@pytest.fixture
def sign_in(app_client: AsyncClient, clock: Clock) -> SignIn:
    """Post an assertion of a staff member as nobody."""

    async def post(
        subject: str = "ilze.paraugs",
        kind: PrincipalKind = PrincipalKind.STAFF,
        key: str = "staff-sign-in-key",
    ) -> Response:
        assertion = development_assertion(SECRET, "LV0044000", kind, subject, clock())
        return await app_client.post(
            "/staff/v1/sessions",
            json={"municipality": "LV0044000", "assertion": assertion},
            headers={"idempotency-key": key},
        )

    return post


async def test_a_staff_member_signs_in_and_sees_their_roles(
    ensure: Ensure, sign_in: SignIn, app_client: AsyncClient
) -> None:
    staff_id = await ensure()
    answer = await sign_in()
    assert (answer.status_code, answer.json()["staffId"]) == (201, str(staff_id))
    bearer = {"authorization": f"Bearer {answer.json()['token']}"}
    me = (await app_client.get("/staff/v1/me", headers=bearer)).json()
    assert (me["staffId"], me["name"]) == (str(staff_id), "Ilze Paraugs")
    assert me["roles"] == ["communicator", "registrar"]
    assert me["municipality"] == {
        "code": "LV0044000",
        "name": {"lv": "Ropažu novads", "en": "Ropaži Municipality"},
    }


async def test_the_unknown_the_disabled_and_the_neighbour_are_refused_alike(
    ensure: Ensure, sign_in: SignIn, database: Database, clock: Clock
) -> None:
    disabled = await ensure("disabled")
    await ensure("neighbour", municipality=OTHER)
    async with database.write((ROPAZI,)) as session:
        await session.execute(
            update(StaffMember).where(StaffMember.id == disabled).values(disabled_at=clock())
        )
    for subject in ("unknown", "disabled", "neighbour"):
        answer = await sign_in(subject, key=f"key-of-{subject}-000000")
        assert (answer.status_code, answer.json()["code"]) == (403, "person_not_recognised")


async def test_a_residents_assertion_opens_no_staff_session(
    ensure: Ensure, sign_in: SignIn
) -> None:
    await ensure()
    answer = await sign_in(kind=PrincipalKind.RESIDENT)
    assert (answer.status_code, answer.json()["code"]) == (403, "assertion_invalid")


async def test_signing_out_ends_the_session_at_once(
    ensure: Ensure, sign_in: SignIn, app_client: AsyncClient
) -> None:
    await ensure()
    bearer = {"authorization": f"Bearer {(await sign_in()).json()['token']}"}
    left = await app_client.delete("/staff/v1/sessions/current", headers=bearer)
    assert left.status_code == 204
    assert (await app_client.get("/staff/v1/me", headers=bearer)).status_code == 401


async def test_disabling_a_member_ends_what_they_have_open(
    ensure: Ensure,
    sign_in: SignIn,
    app_client: AsyncClient,
    database: Database,
    clock: Clock,
) -> None:
    await ensure()
    bearer = {"authorization": f"Bearer {(await sign_in()).json()['token']}"}
    async with database.write((ROPAZI,)) as session:
        await disable_staff_member(session, ROPAZI, subject="ilze.paraugs", now=clock())
    answer = await app_client.get("/staff/v1/me", headers=bearer)
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_required")
    assert (await sign_in(key="another-sign-in-key")).json()["code"] == "person_not_recognised"


async def test_a_session_ends_when_the_roles_it_was_opened_with_change(
    ensure: Ensure, sign_in: SignIn, app_client: AsyncClient
) -> None:
    await ensure()
    bearer = {"authorization": f"Bearer {(await sign_in()).json()['token']}"}
    await ensure(roles=[StaffRole.OFFICIAL])
    assert (await app_client.get("/staff/v1/me", headers=bearer)).status_code == 401


async def test_a_staff_session_opens_no_resident_route(
    ensure: Ensure, sign_in: SignIn, app_client: AsyncClient
) -> None:
    await ensure()
    bearer = {"authorization": f"Bearer {(await sign_in()).json()['token']}"}
    for path in ("/mobile/v1/me", "/mobile/v1/devices", "/mobile/v1/preferences"):
        assert (await app_client.get(path, headers=bearer)).status_code == 403


async def test_a_repeat_keeps_the_same_member_and_writes_nothing(
    ensure: Ensure, database: Database
) -> None:
    first, second = await ensure(), await ensure()
    async with database.read((ROPAZI,)) as session:
        entries = await session.scalar(select(func.count()).select_from(AuditEntry))
    assert first == second
    assert entries == 1


async def test_keeping_a_member_changes_roles_and_enables_again(
    ensure: Ensure, sign_in: SignIn, database: Database, clock: Clock
) -> None:
    first = await ensure()
    async with database.write((ROPAZI,)) as session:
        await session.execute(update(StaffMember).values(disabled_at=clock()))
    assert await ensure(roles=(StaffRole.APPROVER,)) == first
    assert (await sign_in()).status_code == 201
    async with database.read((ROPAZI,)) as session:
        assert await session.scalar(select(LoginSession.roles)) == ["approver"]


async def test_one_subject_kept_twice_at_once_is_one_member(ensure: Ensure) -> None:
    kept = await asyncio.gather(*(ensure() for _ in range(4)))
    assert len(set(kept)) == 1


async def test_one_subject_may_work_for_two_municipalities(
    ensure: Ensure, database: Database
) -> None:
    here, there = await ensure(), await ensure(municipality=OTHER)
    async with database.read((OTHER,)) as session:
        seen = (await session.scalars(text("SELECT id FROM staff_member"))).all()
    assert here != there
    assert seen == [there]
