"""FCM's answers in our words.

Source: FCM HTTP v1, FcmError and google.rpc error details.
"""

import msgspec

from notifications.channels.ports import Result
from notifications.channels.reasons import Reason
from notifications.channels.verdict import CREDENTIALS, DEAD, Verdict

FCM_ERROR = "type.googleapis.com/google.firebase.fcm.v1.FcmError"
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"
QUOTA_WAIT_SECONDS = 60.0
"""After 429 without Retry-After. Source: FCM documentation, retry handling."""
LEAST_WAIT_SECONDS = 10.0
"""After 500 and 503. Source: the same."""
TOKEN_FIELD = "message.token"  # noqa: S105 - the name of a field, not a secret


class Violation(msgspec.Struct):
    """A fault that FCM found in a field of the request."""

    field: str = ""


class Detail(msgspec.Struct, rename="camel"):
    """One entry of an error's details."""

    type: str = msgspec.field(default="", name="@type")
    error_code: str = ""
    field_violations: list[Violation] = msgspec.field(default_factory=list[Violation])


class Refusal(msgspec.Struct):
    """The `error` of an answer."""

    details: list[Detail] = msgspec.field(default_factory=list[Detail])


class RefusalBody(msgspec.Struct):
    """The body of an answer that is not 2xx."""

    error: Refusal = msgspec.field(default_factory=Refusal)


def verdict_on(status: int, body: bytes, retry_after_seconds: float | None) -> Verdict:
    """Judge an answer that is not 2xx."""
    details = _details(body)
    code = next((detail.error_code for detail in details if detail.type == FCM_ERROR), "")
    if code in BY_CODE:
        return BY_CODE[code]
    if status == 400:
        return _invalid(code, details)
    if status == 429:
        return Verdict(
            Result.RETRY,
            Reason.THROTTLED,
            retry_after_seconds=_or(retry_after_seconds, QUOTA_WAIT_SECONDS),
        )
    if status in {401, 403, 404}:  # 404 without UNREGISTERED: the project does not exist
        return CREDENTIALS
    if status >= 500:
        return Verdict(
            Result.RETRY,
            Reason.UNAVAILABLE,
            retry_after_seconds=_or(retry_after_seconds, LEAST_WAIT_SECONDS),
        )
    return Verdict(Result.FAILED, Reason.REFUSED)


BY_CODE = {
    "UNREGISTERED": DEAD,
    "SENDER_ID_MISMATCH": Verdict(Result.FAILED, Reason.SENDER_MISMATCH, is_dead=True),
    "THIRD_PARTY_AUTH_ERROR": Verdict(Result.FAILED, Reason.THIRD_PARTY_AUTH),
    "APNS_AUTH_ERROR": Verdict(Result.FAILED, Reason.THIRD_PARTY_AUTH),
}
"""Codes of FcmError that say all. The last two concern iPhones only, so they do not stop a batch."""


def _invalid(code: str, details: list[Detail]) -> Verdict:
    """Judge a 400: the token is at fault when FcmError says so and no other field is named."""
    violations = [
        violation.field
        for detail in details
        if detail.type == BAD_REQUEST
        for violation in detail.field_violations
    ]
    is_about_token = code == "INVALID_ARGUMENT" and all(
        field == TOKEN_FIELD for field in violations
    )
    if is_about_token:
        return Verdict(Result.FAILED, Reason.ENDPOINT_INVALID, is_dead=True)
    return Verdict(Result.FAILED, Reason.PAYLOAD_REFUSED)


def _details(body: bytes) -> list[Detail]:
    try:
        return msgspec.json.decode(body, type=RefusalBody).error.details
    except msgspec.MsgspecError:
        return []


def _or(seconds: float | None, default: float) -> float:
    return default if seconds is None else seconds
