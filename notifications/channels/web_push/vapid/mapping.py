"""Push services' answers in our words.

Source: RFC 8030, section 7.3 and 5; RFC 8292, section 4.2.
"""

from notifications.channels.ports import Result
from notifications.channels.reasons import Reason
from notifications.channels.verdict import CREDENTIALS, DEAD, Verdict

THROTTLE_WAIT_SECONDS = 60.0
"""After 429 without Retry-After."""
BY_STATUS = {
    200: Verdict(Result.ACCEPTED),
    201: Verdict(Result.ACCEPTED),
    202: Verdict(Result.ACCEPTED),
    400: Verdict(Result.FAILED, Reason.PAYLOAD_REFUSED),
    401: CREDENTIALS,
    403: CREDENTIALS,
    404: DEAD,
    410: DEAD,
    413: Verdict(Result.FAILED, Reason.TOO_LARGE),
}
"""What needs no more than the status. Only 404 and 410 ever remove a subscription."""


def verdict_on(status: int, retry_after_seconds: float | None) -> Verdict:
    """Judge an answer."""
    if status in BY_STATUS:
        return BY_STATUS[status]
    if status == 429:
        wait = THROTTLE_WAIT_SECONDS if retry_after_seconds is None else retry_after_seconds
        return Verdict(Result.RETRY, Reason.THROTTLED, retry_after_seconds=wait)
    if status >= 500:
        return Verdict(Result.RETRY, Reason.UNAVAILABLE, retry_after_seconds=retry_after_seconds)
    return Verdict(Result.FAILED, Reason.REFUSED)
