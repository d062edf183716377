"""A resident signs in by a development assertion, once, and out again."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest
from httpx import AsyncClient, Response
from sqlalchemy import select

from backend.kernel.audit import AuditEntry
from backend.kernel.clock import Clock
from backend.kernel.db import Database
from backend.kernel.principals import PrincipalKind
from backend.kernel.settings import SettingsError, load_settings
from backend.kernel.sign_in.assertions import development_assertion
from backend.kernel.tenancy import MunicipalityId
from tests.drivers.clock import SteeredClock
from tests.drivers.people import Register

SECRET = load_settings({}).sign_in.development_secret or ""
ROPAZI, OTHER = "LV0044000", "LV0038001"
CODE = "32000000001"


Post = Callable[..., Awaitable[Response]]


@pytest.fixture
def post(app_client: AsyncClient) -> Post:
    """Post an assertion as nobody."""

    async def send(assertion: str, key: str = "sign-in-key-0001", **other: Any) -> Response:  # noqa: ANN401 - tests post wrong bodies too
        body = {"municipality": ROPAZI, "assertion": assertion, **other}
        headers = {"idempotency-key": key}
        return await app_client.post("/mobile/v1/sessions", json=body, headers=headers)

    return send


def assertion(now: datetime, code: str = CODE, municipality: str = ROPAZI) -> str:
    return development_assertion(SECRET, municipality, PrincipalKind.RESIDENT, code, now)


def forged(now: datetime, changes: Mapping[str, object], secret: str = SECRET) -> str:
    claims = jwt.decode(assertion(now), options={"verify_signature": False})
    kept = {name: value for name, value in {**claims, **changes}.items() if value is not None}
    return jwt.encode(kept, secret, algorithm="HS256")


async def test_a_resident_signs_in_and_the_token_opens_the_profile(
    post: Post, register: Register, app_client: AsyncClient, clock: Clock
) -> None:
    resident_id = await register(CODE)
    answer = await post(assertion(clock()))
    assert answer.status_code == 201
    assert answer.json()["residentId"] == str(resident_id)
    expires_at = datetime.fromisoformat(answer.json()["expiresAt"])
    assert expires_at == clock() + timedelta(hours=12)
    bearer = {"authorization": f"Bearer {answer.json()['token']}"}
    profile = await app_client.get("/mobile/v1/me", headers=bearer)
    assert profile.json()["residentId"] == str(resident_id)


async def test_the_old_form_of_a_code_signs_in_with_and_without_its_hyphen(
    post: Post, register: Register, clock: Clock
) -> None:
    resident_id = await register("01018012345")
    for key, code in (
        ("key-with-a-hyphen-1", "010180-12345"),
        ("key-without-one-01", "01018012345"),
    ):
        answer = await post(assertion(clock(), code), key)
        assert answer.json()["residentId"] == str(resident_id)


async def test_an_assertion_opens_one_session_only(
    post: Post, register: Register, clock: Clock
) -> None:
    await register(CODE)
    once = assertion(clock())
    assert (await post(once)).status_code == 201
    again = await post(once, "another-key-00001")
    assert (again.status_code, again.json()["code"]) == (403, "assertion_used")


async def test_one_assertion_posted_twice_at_once_opens_one_session(
    post: Post, register: Register, clock: Clock
) -> None:
    await register(CODE)
    once = assertion(clock())
    answers = await asyncio.gather(*(post(once, f"racing-key-{n:07}") for n in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 403, 403, 403]


async def test_a_repeat_under_the_same_key_gets_the_same_session(
    post: Post, register: Register, clock: Clock
) -> None:
    await register(CODE)
    once = assertion(clock())
    first, second = await post(once), await post(once)
    assert first.json() == second.json()
    assert second.headers["idempotency-replayed"] == "true"


async def test_a_repeat_after_the_assertion_expired_gets_nothing(
    post: Post, register: Register, clock: SteeredClock
) -> None:
    await register(CODE)
    once = assertion(clock())
    await post(once)
    clock.advance(seconds=301)
    answer = await post(once)
    assert (answer.status_code, answer.json()["code"]) == (403, "assertion_expired")


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody-else"},
        {"aud": OTHER},
        {"aud": [ROPAZI, OTHER]},
        {"kind": "staff"},
        {"jti": None},
        {"jti": "short"},
        {"sub": None},
        {"exp": None},
        {"iat": None},
    ],
    ids=str,
)
async def test_an_assertion_with_a_wrong_claim_is_refused(
    post: Post, register: Register, clock: Clock, changes: dict[str, object]
) -> None:
    await register(CODE)
    answer = await post(forged(clock(), changes))
    assert (answer.status_code, answer.json()["code"]) == (403, "assertion_invalid")


async def test_an_assertion_good_for_longer_than_five_minutes_is_refused(
    post: Post, register: Register, clock: Clock
) -> None:
    await register(CODE)
    too_late = int(clock().timestamp()) + 301
    answer = await post(forged(clock(), {"exp": too_late}))
    assert answer.json()["code"] == "assertion_invalid"


async def test_an_assertion_from_the_future_is_refused(
    post: Post, register: Register, clock: Clock
) -> None:
    await register(CODE)
    answer = await post(assertion(clock() + timedelta(seconds=31)))
    assert answer.json()["code"] == "assertion_invalid"


async def test_an_assertion_under_another_secret_is_refused(
    post: Post, register: Register, clock: Clock
) -> None:
    await register(CODE)
    answer = await post(forged(clock(), {}, "another-secret-of-thirty-two-characters"))
    assert answer.json()["code"] == "assertion_invalid"


async def test_an_unsigned_assertion_is_refused(
    post: Post, register: Register, clock: Clock
) -> None:
    await register(CODE)
    claims = jwt.decode(assertion(clock()), options={"verify_signature": False})
    answer = await post(jwt.encode(claims, "", algorithm="none"))
    assert answer.json()["code"] == "assertion_invalid"


async def test_the_unknown_the_closed_and_the_neighbour_are_refused_alike(
    post: Post, register: Register, clock: Clock
) -> None:
    await register("32000000002", closed_at=clock())
    await register("32000000003", municipality=MunicipalityId(38001))
    answers = [
        await post(assertion(clock(), f"3200000000{digit}"), f"key-of-person-{digit}-xx")
        for digit in (1, 2, 3)
    ]
    answers.append(await post(assertion(clock(), "no personal code"), "key-of-nonsense-1"))
    problems = [{**answer.json(), "requestId": ""} for answer in answers]
    assert {answer.status_code for answer in answers} == {403}
    assert problems[0]["code"] == "person_not_recognised"
    assert all(problem == problems[0] for problem in problems)


async def test_an_assertion_for_one_municipality_does_not_open_another(
    post: Post, register: Register, clock: Clock
) -> None:
    await register(CODE)
    answer = await post(assertion(clock()), municipality=OTHER)
    assert answer.json()["code"] == "assertion_invalid"


async def test_a_sign_in_needs_an_idempotency_key(app_client: AsyncClient, clock: Clock) -> None:
    body = {"municipality": ROPAZI, "assertion": assertion(clock())}
    answer = await app_client.post("/mobile/v1/sessions", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")


@pytest.mark.parametrize("other", [{"remember": True}, {"municipality": "Ropaži"}], ids=str)
async def test_a_sign_in_of_another_form_is_refused(
    post: Post, clock: Clock, other: dict[str, object]
) -> None:
    answer = await post(assertion(clock()), **other)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")


async def test_signing_out_ends_the_session_at_once(
    post: Post, register: Register, app_client: AsyncClient, clock: Clock
) -> None:
    await register(CODE)
    token = (await post(assertion(clock()))).json()["token"]
    bearer = {"authorization": f"Bearer {token}"}
    left = await app_client.delete("/mobile/v1/sessions/current", headers=bearer)
    assert left.status_code == 204
    assert (await app_client.get("/mobile/v1/me", headers=bearer)).status_code == 401


async def test_signing_in_and_out_is_written_down_with_whose_session_it_was(
    post: Post,
    register: Register,
    app_client: AsyncClient,
    database: Database,
    clock: Clock,
) -> None:
    resident_id = await register(CODE)
    token = (await post(assertion(clock()))).json()["token"]
    bearer = {"authorization": f"Bearer {token}"}
    await app_client.delete("/mobile/v1/sessions/current", headers=bearer)
    async with database.read((MunicipalityId(44000),)) as session:
        entries = (await session.scalars(select(AuditEntry).order_by(AuditEntry.id))).all()
    assert [entry.action for entry in entries] == ["session.opened", "session.revoked"]
    assert {entry.actor for entry in entries} == {f"resident:{resident_id}"}
    assert len({entry.object_id for entry in entries}) == 1


async def test_a_residents_session_opens_no_staff_route(
    post: Post, register: Register, app_client: AsyncClient, clock: Clock
) -> None:
    await register(CODE)
    token = (await post(assertion(clock()))).json()["token"]
    answer = await app_client.get("/staff/v1/me", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 403


def test_production_refuses_to_start_with_the_development_sign_in() -> None:
    with pytest.raises(SettingsError, match="NOVADS_DEVELOPMENT_SIGN_IN: cannot be on"):
        load_settings({"NOVADS_ENV": "production", "NOVADS_DEVELOPMENT_SIGN_IN": "true"})
