"""Waiting for what other processes do."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
PATIENCE_SECONDS = 120.0
POLL_SECONDS = 0.1


async def until(condition: Callable[[], Awaitable[T]], what: str) -> T:
    """Ask again and again until the answer is true, and give it; two minutes are the limit."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := await condition()):
        assert time.monotonic() < deadline, f"not within {PATIENCE_SECONDS:.0f} s: {what}"
        await asyncio.sleep(POLL_SECONDS)
    return found


def until_true(condition: Callable[[], bool], what: str) -> None:
    """Ask again and again until it holds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"not within {PATIENCE_SECONDS:.0f} s: {what}"
        time.sleep(POLL_SECONDS)
