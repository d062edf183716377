"""What every simulator has: a name, a ledger, orders in force, a clock."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import web
from msgspec.json import Encoder

from backend.adapters.simulators.behaviours import Behaviour, Behaviours, Mode
from backend.adapters.simulators.ledger import Arrival, Ledger
from backend.kernel.clock import Clock, system_clock

Answer = Callable[[web.Request], Awaitable[web.Response]]
_encoder = Encoder()


@dataclass(slots=True)
class Core:
    """The part all simulators share; `extra` adds figures of its own to the summary."""

    name: str
    clock: Clock = system_clock
    ledger: Ledger = field(default_factory=Ledger)
    behaviours: Behaviours = field(default_factory=Behaviours)
    extra: Callable[[], dict[str, object]] = dict
    on_forget: Callable[[], None] = lambda: None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def record(self, arrival: Arrival) -> None:
        """Write down an arrival and wake those who wait for one."""
        self.ledger.record(arrival)
        if not self.arrived.is_set():
            self.arrived.set()


class Dropped(web.Response):
    """The answer that is never given: the connection is closed instead."""


def counted(core: Core, answer: Answer) -> Answer:
    """Wrap a handler so that each of its answers is counted by status."""

    async def counting(request: web.Request) -> web.Response:
        response = await answer(request)
        if isinstance(response, Dropped):
            core.ledger.answered("dropped", refused=False)
        else:
            core.ledger.answered(str(response.status), refused=response.status >= 400)
        return response

    return counting


async def accepted(
    request: web.Request, behaviour: Behaviour, response: web.Response
) -> web.Response:
    """Answer for a message already recorded: at once, late, or not at all."""
    if behaviour.mode is Mode.SLOW:
        await asyncio.sleep(behaviour.delay_seconds)
    if behaviour.mode is not Mode.DROP:
        return response
    if request.transport is not None:
        request.transport.abort()
    return Dropped()


def json_response(
    value: object, *, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    """Answer with `value` as JSON."""
    return web.Response(
        body=_encoder.encode(value), status=status, headers=headers, content_type="application/json"
    )
