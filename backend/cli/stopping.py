"""Running until a signal asks to stop, and leaving in time even when something hangs."""

import asyncio
import os
import signal
import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LAST_SECONDS = 4.5
HUNG = 75

T = TypeVar("T")


def run_until_stopped(main: Callable[[asyncio.Event], Awaitable[T]]) -> T:
    """Run `main` with an event that the first stop signal sets.

    A second signal, or 4.5 seconds without an end, leaves the process at once with status 75.
    """
    return asyncio.run(_run(main))


async def _run(main: Callable[[asyncio.Event], Awaitable[T]]) -> T:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for kind in STOP_SIGNALS:
        loop.add_signal_handler(kind, _ask, stop)
    return await main(stop)


def _ask(stop: asyncio.Event) -> None:
    if stop.is_set():
        os._exit(HUNG)
    stop.set()
    # A thread of its own, because a blocked event loop is what it guards against.
    deadline = threading.Timer(LAST_SECONDS, os._exit, (HUNG,))
    deadline.daemon = True
    deadline.start()
