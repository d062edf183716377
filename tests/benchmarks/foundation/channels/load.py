"""Messages through a simulator, by our sender and by its rivals, and what each of them costs."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from backend.adapters.simulators.control_client import ControlClient
from backend.demo import texts
from backend.kernel.ids import new_id
from notifications.channels.ports import Endpoint, Outgoing, Result, Sender
from tests.benchmarks.foundation.ground import Ground
from tests.benchmarks.harness.figures import Figure, Peer, at_least
from tests.benchmarks.harness.meters import OWN, Meter

UNCOUNTED = 50
"""Messages before the first that counts: connections, access token, imports."""
PER = 10_000
CONCURRENCY = 50
"""As the product's setting is by default."""
SIMULATOR = "simulator"
LEAST_TIMES = 1.5
"""What our sender must save of the processor time of the stock client, to be worth its code."""
BARE = "aiohttp alone, requests ready (limit)"
TEXT = texts.TEXTS["lv"]

Send = Callable[[Sequence[Outgoing]], Awaitable[None]]
"""Sends all of the messages; raises when one of them is not taken."""

Job = Callable[[], Awaitable[None]]
Prepare = Callable[[Sequence[Outgoing]], Job]
"""Does for messages what is not to be measured, and gives the job that is."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way of sending, and how many messages it is given: slow ones get fewer."""

    name: str
    messages: int
    prepare: Prepare


def measured_whole(send: Send) -> Prepare:
    """Measure all that `send` does: nothing is prepared."""
    return lambda items: partial(send, items)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a way took: messages a second, and processor seconds for 10,000 messages."""

    rate: float
    sender: float
    simulator: float


@dataclass(frozen=True, slots=True)
class Line:
    """A channel as it is measured: where messages go, the simulator, our way and the rivals.

    `stock` is the rival that a reader of its documentation would use, None where there is none.
    """

    name: str
    text: str
    endpoints: Sequence[Endpoint]
    control: ControlClient
    ours: Way
    rivals: Sequence[Way]
    stock: str | None = None

    def outgoing(self, ground: Ground, count: int) -> list[Outgoing]:
        """Write messages, each for one endpoint."""
        content, expires_at = TEXT[self.text], ground.clock() + timedelta(hours=2)
        return [
            Outgoing(
                message_id=(message_id := new_id()),
                reference=f"benchmark-{message_id.hex}",
                endpoints=[self.endpoints[number % len(self.endpoints)]],
                title=content["title"],
                body=content["body"],
                link=f"https://novads.example.org/inbox/{message_id}",
                language="lv",
                expires_at=expires_at,
                urgent=False,
            )
            for number in range(count)
        ]


def by_sender(sender: Sender, chunk: int) -> Prepare:
    """Send as the engine does: a chunk after another, all of a chunk at once."""

    async def send(items: Sequence[Outgoing]) -> None:
        for start in range(0, len(items), chunk):
            outcomes = await sender.send(items[start : start + chunk])
            if {outcome.result for outcome in outcomes} != {Result.ACCEPTED}:
                raise RuntimeError(f"not accepted: {outcomes}")

    return measured_whole(send)


@asynccontextmanager
async def closing(sender: Sender) -> AsyncGenerator[Sender]:
    """Close a sender at the end of the block."""
    try:
        yield sender
    finally:
        await sender.close()


async def measure_line(ground: Ground, line: Line) -> list[Figure]:
    """Measure our way, then its rivals, on the same simulator."""
    ground.say(f"sending through the {line.name} simulator")
    ours = await _measured(ground, line, line.ours)
    rivals = {way.name: await _measured(ground, line, way) for way in line.rivals}
    rates = [Peer(name, cost.rate, "messages/s") for name, cost in rivals.items()]
    unit = f"CPU-s per {PER:,}"
    costs = [Peer(name, cost.sender, unit) for name, cost in rivals.items()]
    figures = [
        Figure(f"{line.name}, messages", ours.rate, "messages/s", peers=tuple(rates)),
        Figure(f"{line.name}, processor time of the sender", ours.sender, unit, peers=tuple(costs)),
        Figure(f"{line.name}, processor time of the simulator", ours.simulator, unit),
    ]
    if line.stock is not None:
        times, name = (
            rivals[line.stock].sender / ours.sender,
            f"{line.name}, {line.stock} over ours",
        )
        figures.append(Figure(name, times, "times the CPU", at_least(LEAST_TIMES)))
    return figures


async def _measured(ground: Ground, line: Line, way: Way) -> Cost:
    """Send, and see that the simulator found every message valid."""
    await way.prepare(line.outgoing(ground, UNCOUNTED))()
    items = line.outgoing(ground, way.messages)
    job = way.prepare(items)
    await line.control.forget()
    with Meter(simulator=ground.place.simulators.pid) as meter:
        await job()
    summary = await line.control.summary()
    if (summary["distinct"], summary["refused"]) != (len(items), 0):
        raise RuntimeError(f"{way.name}: {len(items)} sent, {summary}")
    share = PER / len(items)
    return Cost(
        len(items) / meter.wall_seconds, meter.cpu(OWN) * share, meter.cpu(SIMULATOR) * share
    )
