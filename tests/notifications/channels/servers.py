"""What the tests of channels steer: simulators by their control APIs, and servers from a script."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from aiohttp import ClientSession

from notifications.channels.ports import Outgoing

Write = Callable[..., Outgoing]
"""Writes a message to endpoints given by their values, or as endpoints."""


@dataclass(frozen=True)
class Control:
    """A client of one simulator's control API."""

    http: ClientSession
    url: str

    async def messages(self) -> list[dict[str, object]]:
        """Fetch what the simulator received and could read."""
        async with self.http.get(f"{self.url}/_control/messages") as answer:
            found: list[dict[str, object]] = (await answer.json())["messages"]
            return found

    async def summary(self) -> dict[str, object]:
        """Fetch the counts."""
        async with self.http.get(f"{self.url}/_control/summary") as answer:
            found: dict[str, object] = await answer.json()
            return found

    async def behave(self, mode: str, **order: object) -> None:
        """Order a behaviour."""
        body = {"mode": mode, **order}
        async with self.http.put(f"{self.url}/_control/behaviour", json=body) as answer:
            assert answer.status == 200, await answer.text()

    async def make(self, what: str, **order: object) -> list[object]:
        """Have tokens or subscriptions made."""
        async with self.http.post(f"{self.url}/_control/{what}", json=order) as answer:
            assert answer.status == 200, await answer.text()
            made: list[object] = (await answer.json())[what]
            return made


@dataclass
class RawServer:
    """A server that answers each request or line group with given bytes; None: hang up."""

    url: str
    port: int
    requests: list[bytes]


RawServing = Callable[[Sequence[bytes | None]], AbstractAsyncContextManager[RawServer]]
"""Serves HTTP from a script of answers, the last one repeating."""
