"""The check of real exchanges sees what differs from the description."""

from typing import Any

import msgspec
import pytest
from httpx import Request, Response

from backend.kernel.problems import MEDIA_TYPE
from tests.contract.conformance import Conformance

PROFILE = "http://town.test/mobile/v1/me"
KEY_OF_PUSH = "http://town.test/mobile/v1/web-push/key"


def exchange(status: int, body: object, url: str = KEY_OF_PUSH, **headers: str) -> Response:
    """Make an answer as a client gets it."""
    media_type = MEDIA_TYPE if status >= 400 else "application/json"
    return Response(
        status,
        content=msgspec.json.encode(body),
        headers={"content-type": media_type, **headers},
        request=Request("GET", url),
    )


def problem(code: str) -> dict[str, Any]:
    """Make a problem's body."""
    return {
        "type": f"urn:novads:problem:{code}",
        "title": "No",
        "status": 401,
        "code": code,
        "requestId": "r-1",
    }


async def test_what_is_described_passes(conformance: Conformance) -> None:
    """An answer and a refusal."""
    await conformance(exchange(200, {"publicKey": "BAA"}))
    await conformance(exchange(401, problem("sign_in_required"), PROFILE))


@pytest.mark.parametrize(
    ("answer", "finding"),
    [
        (exchange(200, {"publicKey": 7}), "publicKey"),
        (exchange(200, {}), "publicKey"),
        (exchange(201, {"publicKey": "BAA"}), "status that is not described: 201"),
        (exchange(401, problem("group_not_found"), PROFILE), "code that is not described"),
        (exchange(418, problem("teapot"), PROFILE), "code that is not described"),
        (exchange(401, {"code": "sign_in_required"}, PROFILE), "required property"),
    ],
)
async def test_what_differs_is_found(
    answer: Response, finding: str, conformance: Conformance
) -> None:
    """A type, a missing field, a status, a code."""
    with pytest.raises(AssertionError, match=finding):
        await conformance(answer)


async def test_an_instant_that_we_give_is_in_utc(conformance: Conformance) -> None:
    """An offset is taken in a request, never given in an answer."""
    page = {
        "items": [
            {
                "id": "0190f3c2-7f3a-7e60-8000-3b1f0f9a1c11",
                "messageClass": "service",
                "severity": None,
                "topic": "cases",
                "language": "lv",
                "title": "Virsraksts",
                "createdAt": "2026-11-20T11:00:00+02:00",
                "openedAt": None,
            }
        ],
        "unopened": 1,
        "next": None,
    }
    with pytest.raises(AssertionError, match="createdAt"):
        await conformance(exchange(200, page, "http://town.test/mobile/v1/inbox"))


async def test_a_refusal_is_a_problem_on_every_path(conformance: Conformance) -> None:
    """Also where no route is."""
    answer = exchange(404, {}, "http://town.test/nowhere", **{"content-type": "text/html"})
    with pytest.raises(AssertionError):
        await conformance(answer)
