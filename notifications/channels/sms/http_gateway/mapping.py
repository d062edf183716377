"""The gateway's answers in our words."""

import msgspec

from notifications.channels.ports import Result
from notifications.channels.reasons import Reason
from notifications.channels.verdict import CREDENTIALS, EXPIRED, INVALID, Verdict

THROTTLE_WAIT_SECONDS = 60.0
"""After 429 without Retry-After."""
BY_CODE = {
    "invalid_number": INVALID,
    "not_mobile": Verdict(Result.FAILED, Reason.NOT_MOBILE, is_dead=True),
    "expired": EXPIRED,
    "text_too_long": Verdict(Result.FAILED, Reason.TOO_LARGE),
    "unauthorised": CREDENTIALS,
}


class Taken(msgspec.Struct):
    """The body of a 2xx answer."""

    id: str = ""


class Refusal(msgspec.Struct):
    """The `error` of an answer."""

    code: str = ""


class RefusalBody(msgspec.Struct):
    """The body of an answer that is not 2xx."""

    error: Refusal = msgspec.field(default_factory=Refusal)


def verdict_on(status: int, body: bytes, retry_after_seconds: float | None) -> Verdict:
    """Judge an answer; 200 means that the gateway had taken the same message before."""
    if status in {200, 202}:
        return Verdict(Result.ACCEPTED, provider_ref=_gateway_id(body))
    if status == 429:
        wait = THROTTLE_WAIT_SECONDS if retry_after_seconds is None else retry_after_seconds
        return Verdict(Result.RETRY, Reason.THROTTLED, retry_after_seconds=wait)
    if status >= 500:
        # Safe even if the message was taken: the gateway knows a repeat by its reference.
        return Verdict(Result.RETRY, Reason.UNAVAILABLE, retry_after_seconds=retry_after_seconds)
    if (code := _code(body)) in BY_CODE:
        return BY_CODE[code]
    if status in {401, 403, 404}:
        return CREDENTIALS
    return Verdict(Result.FAILED, Reason.REFUSED)


def _gateway_id(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=Taken).id
    except msgspec.MsgspecError:
        return ""


def _code(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=RefusalBody).error.code
    except msgspec.MsgspecError:
        return ""
