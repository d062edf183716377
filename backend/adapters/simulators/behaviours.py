"""How a simulator is told to misbehave, and whom that concerns."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import Annotated, Literal

from msgspec import Meta, Struct
from msgspec.structs import replace

Seconds = Annotated[float, Meta(ge=0, le=3600)]


class Mode(StrEnum):
    """What a simulator does with a valid message."""

    NORMAL = "normal"
    """Takes it and answers."""
    SLOW = "slow"
    """Takes it, and answers after `delaySeconds`."""
    THROTTLE = "throttle"
    """Refuses it with 429 and Retry-After (SMTP 451)."""
    ERROR = "error"
    """Refuses it with 503 (SMTP 451)."""
    DEAD = "dead"
    """Says that the token, subscription or address is dead for good."""
    DROP = "drop"
    """Takes it, and closes the connection without an answer."""


class Behaviour(Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """One order to a simulator: `times` None is until further notice, `targets` None is everyone.

    `report_status` is how the SMS gateway reports a dead number.
    """

    mode: Mode = Mode.NORMAL
    delay_seconds: Seconds = 1.0
    retry_after_seconds: Seconds = 1.0
    times: Annotated[int, Meta(ge=1)] | None = None
    targets: frozenset[str] | None = None
    report_status: Literal["UNDELIVERABLE", "EXPIRED", "REJECTED"] = "UNDELIVERABLE"

    @property
    def retry_after(self) -> str:
        """Tell the Retry-After header, which knows whole seconds only."""
        return str(ceil(self.retry_after_seconds))


NORMAL = Behaviour()


@dataclass(slots=True)
class _Order:
    """A behaviour in force and how many more messages it applies to."""

    behaviour: Behaviour
    left: int | None


class Behaviours:
    """The orders in force; the first one that concerns a target applies to it."""

    def __init__(self) -> None:
        """Start with none: everything is taken."""
        self._orders: list[_Order] = []

    def replace(self, wanted: Sequence[Behaviour]) -> None:
        """Put these orders in the place of all earlier ones."""
        self._orders = [_Order(behaviour, behaviour.times) for behaviour in wanted]

    def in_force(self) -> list[Behaviour]:
        """List the orders that still apply, with the number of times left."""
        return [replace(order.behaviour, times=order.left) for order in self._orders]

    def take(self, target: str) -> Behaviour:
        """Say what to do with one message to `target`; uses up one of the order's times."""
        for order in self._orders:
            targets = order.behaviour.targets
            if targets is None or target in targets:
                self._use(order)
                return order.behaviour
        return NORMAL

    def _use(self, order: _Order) -> None:
        if order.left is None:
            return
        order.left -= 1
        if order.left == 0:
            self._orders.remove(order)
