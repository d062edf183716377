"""How the figures of the page are put together; no clock, no SQL, no HTTP."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

STATES = (
    "queued", "held", "sending", "accepted", "delivered", "opened",
    "suppressed", "failed", "expired", "cancelled", "unknown",
)  # fmt: skip
"""Every delivery state in the order of a delivery's life, the ends last."""

UNDER_WAY = frozenset({"queued", "held", "sending"})


@dataclass(frozen=True, slots=True)
class Counted:
    """Deliveries by channel and state: a row a state that occurs, a column a channel.

    `balances` holds when every channel adds up to the recipients.
    """

    channels: Sequence[str]
    rows: Sequence[tuple[str, Sequence[int]]]
    totals: Sequence[int]
    balances: bool

    @property
    def targeted(self) -> int:
        """Deliveries of all channels."""
        return sum(self.totals)

    @property
    def done(self) -> int:
        """Deliveries that nothing is to be done about any more, receipts aside."""
        return self.targeted - sum(sum(row) for state, row in self.rows if state in UNDER_WAY)


def counted(recipients: int, channels: Mapping[str, Mapping[str, int]]) -> Counted:
    """Lay out the states of each channel."""
    used = [state for state in STATES if any(state in states for states in channels.values())]
    totals = [sum(states.values()) for states in channels.values()]
    return Counted(
        channels=list(channels),
        rows=[(s, [states.get(s, 0) for states in channels.values()]) for s in used],
        totals=totals,
        balances=all(total == recipients for total in totals),
    )


def grouped(number: int, language: str) -> str:
    """Write a number with its thousands apart, as the language does."""
    return f"{number:,}".replace(",", "\u00a0") if language == "lv" else f"{number:,}"
