"""The clock of the tests."""

from datetime import UTC, datetime, timedelta

MORNING = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
"""When tests begin: outside quiet hours in Latvia."""


class SteeredClock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        """Begin in the morning."""
        self.now = MORNING

    def __call__(self) -> datetime:
        """Tell the time it was set to."""
        return self.now

    def advance(self, **duration: float) -> None:
        """Move on, by the keywords of `timedelta`."""
        self.now += timedelta(**duration)
