"""Rivals that send message by message: so many of them at once as our sender does."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TypeVar

from aiohttp import ClientSession

from notifications.channels.ports import Outgoing
from tests.benchmarks.foundation.channels.load import CONCURRENCY, Job, Prepare, measured_whole

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ready:
    """A request that needs only to be sent."""

    url: str
    body: bytes
    headers: Mapping[str, str]


async def all_of(waiting: Iterable[T], carry: Callable[[T], Awaitable[None]]) -> None:
    """Carry all, `CONCURRENCY` of them under way at any moment."""
    left = iter(waiting)

    async def work() -> None:
        for each in left:
            await carry(each)

    await asyncio.gather(*(work() for _ in range(CONCURRENCY)))


def one_by_one(carry: Callable[[Outgoing], Awaitable[None]]) -> Prepare:
    """Send by a `carry` that takes one message."""

    async def send(items: Sequence[Outgoing]) -> None:
        await all_of(items, carry)

    return measured_whole(send)


def blocking(carry: Callable[[Outgoing], None]) -> Prepare:
    """Send by a `carry` that blocks, one message after another, in a thread."""

    def walk(items: Sequence[Outgoing]) -> None:
        for item in items:
            carry(item)

    async def send(items: Sequence[Outgoing]) -> None:
        await asyncio.to_thread(walk, items)

    return measured_whole(send)


def posted(http: ClientSession, write: Callable[[Outgoing], Ready]) -> Prepare:
    """Send requests that were written before the clock started: what the HTTP client costs."""

    async def post(ready: Ready) -> None:
        async with http.post(ready.url, data=ready.body, headers=ready.headers) as answer:
            await answer.read()
            if answer.status >= HTTPStatus.BAD_REQUEST:
                raise RuntimeError(f"{answer.status} from {ready.url}")

    def prepare(items: Sequence[Outgoing]) -> Job:
        requests = [write(item) for item in items]
        return lambda: all_of(requests, post)

    return prepare
