"""The control API, the same on every simulator: counts, messages, behaviour."""

import asyncio
from collections.abc import Sequence

from aiohttp import web
from msgspec import DecodeError
from msgspec.json import Decoder

from backend.adapters.simulators.behaviours import Behaviour
from backend.adapters.simulators.core import Core, json_response

PAGE = 1_000
LONGEST_WAIT_SECONDS = 60.0
_order = Decoder(Behaviour)
_orders = Decoder(list[Behaviour])


class ControlApi:
    """Handlers under `/_control`; they answer even while the provider side misbehaves."""

    def __init__(self, core: Core) -> None:
        """Control the simulator that `core` belongs to."""
        self._core = core

    def routes(self) -> Sequence[web.RouteDef]:
        """List the routes for the simulator's application."""
        return [
            web.get("/_control/summary", self.summary),
            web.get("/_control/messages", self.messages),
            web.delete("/_control/messages", self.forget),
            web.get("/_control/behaviour", self.behaviour),
            web.put("/_control/behaviour", self.behave),
        ]

    async def summary(self, _request: web.Request) -> web.Response:
        """Tell the counts."""
        core = self._core
        return json_response({"simulator": core.name, **core.ledger.summary(), **core.extra()})

    async def messages(self, request: web.Request) -> web.Response:
        """List what arrived after a number, waiting for the first if asked to."""
        try:
            after = int(request.query.get("after", "0"))
            limit = min(int(request.query.get("limit", "100")), PAGE)
            wait = min(float(request.query.get("waitSeconds", "0")), LONGEST_WAIT_SECONDS)
        except ValueError:
            return invalid_request("after and limit are whole numbers, waitSeconds is a number")
        if wait > 0:
            await self._arrival_after(after, wait)
        page = await self._core.ledger.page(
            after=max(after, 0), limit=max(limit, 0), containing=request.query.get("containing", "")
        )
        return web.Response(body=page, content_type="application/json")

    async def forget(self, _request: web.Request) -> web.Response:
        """Forget everything recorded and counted."""
        self._core.ledger.forget()
        self._core.on_forget()
        return web.Response(status=204)

    async def behaviour(self, _request: web.Request) -> web.Response:
        """List the orders in force."""
        return json_response({"behaviours": self._core.behaviours.in_force()})

    async def behave(self, request: web.Request) -> web.Response:
        """Replace the orders in force by one, or by a list of them."""
        try:
            body = await request.read()
            several = body.lstrip().startswith(b"[")
            wanted = _orders.decode(body) if several else [_order.decode(body)]
        except DecodeError as error:
            return invalid_request(str(error))
        self._core.behaviours.replace(wanted)
        return await self.behaviour(request)

    async def _arrival_after(self, after: int, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                while self._core.ledger.received <= after:
                    self._core.arrived.clear()
                    await self._core.arrived.wait()
        except TimeoutError:
            return


def invalid_request(reason: str) -> web.Response:
    """Answer 400 to an order that cannot be read."""
    return json_response({"error": {"code": "invalid_request", "message": reason}}, status=400)
