"""Each of FCM's answers has one meaning for us."""

import json

import pytest

from notifications.channels.ports import Result
from notifications.channels.push.fcm.mapping import BAD_REQUEST, FCM_ERROR, verdict_on


def body(*details: dict[str, object]) -> bytes:
    """Write an error's body."""
    return json.dumps({"error": {"code": 0, "details": list(details)}}).encode()


def fcm(code: str) -> dict[str, object]:
    """Write an FcmError detail."""
    return {"@type": FCM_ERROR, "errorCode": code}


def bad(*fields: str) -> dict[str, object]:
    """Write a BadRequest detail."""
    return {"@type": BAD_REQUEST, "fieldViolations": [{"field": field} for field in fields]}


@pytest.mark.parametrize(
    ("status", "content", "result", "reason", "dead"),
    [
        (404, body(fcm("UNREGISTERED")), Result.FAILED, "endpoint_dead", True),
        (400, body(fcm("INVALID_ARGUMENT")), Result.FAILED, "endpoint_invalid", True),
        (
            400,
            body(fcm("INVALID_ARGUMENT"), bad("message.token")),
            Result.FAILED,
            "endpoint_invalid",
            True,
        ),
        (
            400,
            body(fcm("INVALID_ARGUMENT"), bad("message.android.ttl")),
            Result.FAILED,
            "payload_refused",
            False,
        ),
        (400, body(bad("message.data")), Result.FAILED, "payload_refused", False),
        (400, b"not json", Result.FAILED, "payload_refused", False),
        (403, body(fcm("SENDER_ID_MISMATCH")), Result.FAILED, "sender_id_mismatch", True),
        (401, body(fcm("THIRD_PARTY_AUTH_ERROR")), Result.FAILED, "third_party_auth", False),
        (500, b"", Result.RETRY, "provider_unavailable", False),
        (503, body(fcm("UNAVAILABLE")), Result.RETRY, "provider_unavailable", False),
        (418, b"[]", Result.FAILED, "refused", False),
    ],
)
def test_an_answer_has_one_meaning(
    status: int, content: bytes, result: Result, reason: str, *, dead: bool
) -> None:
    verdict = verdict_on(status, content, None)
    assert (verdict.result, verdict.reason, verdict.is_dead) == (result, reason, dead)
    assert not verdict.is_ours


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refusal_that_names_no_message_is_of_us_and_keeps_the_token(status: int) -> None:
    verdict = verdict_on(status, b"{}", None)
    assert verdict.is_ours
    assert not verdict.is_dead


def test_waiting_takes_the_given_time_or_the_documented_one() -> None:
    assert verdict_on(429, b"", 7.0).retry_after_seconds == 7.0
    assert verdict_on(429, b"", None).retry_after_seconds == 60.0
    assert verdict_on(503, b"", 0.0).retry_after_seconds == 0.0
    assert verdict_on(500, b"", None).retry_after_seconds == 10.0
