"""Retry-After is read in both of its forms."""

from datetime import UTC, datetime

import pytest

from notifications.channels.retry_after import retry_after_seconds

NOW = datetime(2026, 11, 20, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        (" 120 ", 120.0),
        ("Fri, 20 Nov 2026 12:01:30 GMT", 90.0),
        ("Friday, 20-Nov-26 12:01:30 GMT", 90.0),
        ("Fri, 20 Nov 2026 11:00:00 GMT", 0.0),
        ("99999999999", 86_400.0),
        ("Wed, 20 Nov 2030 12:00:00 GMT", 86_400.0),
    ],
)
def test_seconds_and_dates_are_told_in_seconds_from_now(value: str, seconds: float) -> None:
    assert retry_after_seconds(value, now=NOW) == seconds


@pytest.mark.parametrize("value", [None, "", "soon", "-5", "1.5", "²", "Fri, 99 Nov 2026"])
def test_a_header_that_says_nothing_is_nothing(value: str | None) -> None:
    assert retry_after_seconds(value, now=NOW) is None
