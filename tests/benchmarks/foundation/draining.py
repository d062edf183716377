"""Emptying the queue: how many deliveries a worker's turns make, and what they cost."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy import func, select

from notifications.delivery.rules import DeliveryState
from notifications.tables import DeliveryResult
from tests.benchmarks.foundation.ground import MUNICIPALITY, Ground
from tests.benchmarks.harness.figures import Figure
from tests.benchmarks.harness.meters import OWN, Meter

POSTGRES = "postgres"
UNIT = "deliveries/s"

Turn = Callable[[], Awaitable[bool]]
"""Does one chunk; false when there was none."""


@dataclass(frozen=True, slots=True)
class Drain:
    """An emptied queue."""

    deliveries: int
    meter: Meter

    @property
    def rate(self) -> float:
        """Deliveries a second, by one worker."""
        return self.deliveries / self.meter.wall_seconds

    def figures(self, name: str) -> list[Figure]:
        """Give the processor time of worker and database for one delivery."""
        return [
            Figure(f"{name}, processor time of the {who}", self._microseconds(process), "us each")
            for who, process in (("worker", OWN), ("database", POSTGRES))
        ]

    def _microseconds(self, process: str) -> float:
        return self.meter.cpu(process) / self.deliveries * 1_000_000


async def drained(ground: Ground, turn: Turn) -> Drain:
    """Take turns until there is nothing left, and count what was accepted."""
    before = await _accepted(ground)
    with Meter(postgres=ground.place.postgres.pid) as meter:
        while await turn():
            pass
    return Drain(await _accepted(ground) - before, meter)


async def _accepted(ground: Ground) -> int:
    accepted = DeliveryResult.state == DeliveryState.ACCEPTED.value
    async with ground.database.read([MUNICIPALITY]) as session:
        return await session.scalar(select(func.count(DeliveryResult.id)).where(accepted)) or 0
