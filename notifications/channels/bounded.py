"""The sender that all providers share: bounded concurrency, one outcome an item, one alarm."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from backend.kernel.clock import Clock
from notifications.channels.ports import (
    Channel,
    Endpoint,
    Misconfigured,
    Outcome,
    Outgoing,
    Result,
)
from notifications.channels.reasons import Reason
from notifications.channels.verdict import CREDENTIALS, EXPIRED, NO_ENDPOINT, Verdict, outcome_of

REFUSALS_BEFORE_STOP = 10
"""So many refusals of us, and nothing else, end a batch: the rest would be refused as well.

Not one alone: a Web Push endpoint's address comes from a browser, and somebody's own server that
answers 403 must not stop an alert.
"""


class Provider(Protocol):
    """A client of one provider that carries one message to one endpoint."""

    async def carry(self, item: Outgoing, endpoint: Endpoint) -> Verdict:
        """Call the provider once; a failure is a verdict, not an exception."""
        ...

    async def close(self) -> None:
        """Close the provider's connections."""
        ...


@dataclass(slots=True)
class Batch:
    """One call of `send`: what is to be carried, and what came of it so far."""

    items: Sequence[Outgoing]
    endpoints_each: int | None
    verdicts: list[list[Verdict]] = field(init=False)
    refusals: int = 0
    others: int = 0

    def __post_init__(self) -> None:
        """Keep a place for the verdict on every endpoint."""
        self.verdicts = [[CREDENTIALS] * len(self.endpoints(item)) for item in self.items]

    def endpoints(self, item: Outgoing) -> Sequence[Endpoint]:
        """List the endpoints of `item` that are to be called."""
        return item.endpoints[: self.endpoints_each]

    def places(self) -> Iterator[tuple[int, int]]:
        """Walk the calls to be made: number of the item, number of its endpoint."""
        for row, item in enumerate(self.items):
            for column in range(len(self.endpoints(item))):
                yield row, column

    @property
    def is_refused(self) -> bool:
        """Whether the provider has refused us, and us only, often enough to stop asking."""
        return self.others == 0 and self.refusals >= REFUSALS_BEFORE_STOP

    def record(self, row: int, column: int, verdict: Verdict) -> None:
        """Note the verdict on endpoint number `column` of item number `row`."""
        self.verdicts[row][column] = verdict
        if verdict.is_ours:
            self.refusals += 1
        else:
            self.others += 1

    def outcomes(self) -> Sequence[Outcome]:
        """Give one outcome an item, in the order of the items."""
        return [self._outcome(row, item) for row, item in enumerate(self.items)]

    def _outcome(self, row: int, item: Outgoing) -> Outcome:
        if not item.endpoints:
            return Outcome(NO_ENDPOINT.result, str(NO_ENDPOINT.reason))
        ids = (endpoint.id for endpoint in self.endpoints(item))
        return outcome_of(list(zip(ids, self.verdicts[row], strict=True)))


class BoundedSender:
    """A `Sender` over one provider; at most `concurrency` calls are under way at any moment."""

    def __init__(
        self,
        channel: Channel,
        provider: Provider,
        *,
        concurrency: int,
        clock: Clock,
        endpoints_each: int | None = None,
    ) -> None:
        """Send on `channel` through `provider`; `clock` decides what has expired.

        `endpoints_each` limits how many endpoints of one delivery are called (None: all of them).
        """
        if concurrency < 1:
            raise ValueError("concurrency must be at least 1")
        self.channel = channel
        self._provider = provider
        self._concurrency = concurrency
        self._slots = asyncio.Semaphore(concurrency)
        self._clock = clock
        self._endpoints_each = endpoints_each

    async def send(self, items: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Send all items; see `Sender.send`.

        `Misconfigured` is raised only when the provider refused us every time it was asked. When
        some were taken, the others come back as RETRY, so that nothing already sent is repeated.
        """
        batch = Batch(items, self._endpoints_each)
        places = batch.places()
        calls = sum(len(row) for row in batch.verdicts)
        async with asyncio.TaskGroup() as tasks:
            for _ in range(min(self._concurrency, calls)):
                tasks.create_task(self._work(places, batch))
        if batch.refusals and not batch.others:
            raise Misconfigured(_refusal_reason(batch))
        return batch.outcomes()

    async def close(self) -> None:
        """Close the provider's connections."""
        await self._provider.close()

    async def _work(self, places: Iterator[tuple[int, int]], batch: Batch) -> None:
        for row, column in places:
            if batch.is_refused:
                return
            item = batch.items[row]
            async with self._slots:
                verdict = await self._carry(item, item.endpoints[column])
            batch.record(row, column, verdict)

    async def _carry(self, item: Outgoing, endpoint: Endpoint) -> Verdict:
        if item.expires_at <= self._clock():
            return EXPIRED
        try:
            return await self._provider.carry(item, endpoint)
        except Exception as error:  # noqa: BLE001 - one item's fault must not lose the others' outcomes
            return Verdict(Result.UNKNOWN, f"{Reason.UNEXPECTED}:{type(error).__name__}")


def _refusal_reason(batch: Batch) -> str:
    reasons = {str(verdict.reason) for row in batch.verdicts for verdict in row if verdict.is_ours}
    return ", ".join(sorted(reasons))
