"""Where the present comes from: an injected function, never a call inside a rule."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
"""Returns the present as an aware UTC instant."""


def system_clock() -> datetime:
    """Tell the present as an aware UTC instant."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that asks the machine


def civil_day(instant: datetime, zone: ZoneInfo) -> date:
    """Tell which calendar day it is in `zone` at an aware `instant`."""
    return instant.astimezone(zone).date()
