"""The Retry-After header (RFC 9110, section 10.2.3), in both of its forms."""

from datetime import datetime
from email.utils import parsedate_to_datetime

LONGEST_SECONDS = 24 * 3600.0
"""A provider that asks for more is asked again after a day."""


def retry_after_seconds(value: str | None, *, now: datetime) -> float | None:
    """Tell how many seconds from `now` (aware) the header asks to wait; None when it says nothing.

    The value is a number of seconds or an HTTP date; a date in the past means now.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST_SECONDS)
    try:
        instant = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=now.tzinfo)
    return min(max((instant - now).total_seconds(), 0.0), LONGEST_SECONDS)
