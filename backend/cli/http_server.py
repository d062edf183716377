"""The HTTP servers: granian or uvicorn, in this process, stopped gracefully."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn
from granian.constants import Interfaces
from granian.server.embed import Server as Granian
from litestar import Litestar
from typing_extensions import override

from backend.kernel.settings.platform import Server, ServerKind

GRACE_SECONDS = 3


class Uvicorn(uvicorn.Server):
    """Uvicorn without signal handlers of its own: our stop event is the one way to stop."""

    @contextmanager
    @override
    def capture_signals(self) -> Generator[None]:
        """Leave the process's signal handlers alone."""
        yield


async def serve_http(app: Litestar, server: Server, stop: asyncio.Event) -> None:
    """Serve the application until `stop` is set, then finish what is being answered."""
    if server.kind is ServerKind.UVICORN:
        await _serve_uvicorn(app, server, stop)
    else:
        await _serve_granian(app, server, stop)


async def _serve_granian(app: Litestar, server: Server, stop: asyncio.Event) -> None:
    granian = Granian(
        app,
        address=server.host,
        port=server.port,
        interface=Interfaces.ASGI,
        log_enabled=False,
        websockets=False,
    )
    serving = asyncio.create_task(granian.serve())
    await _until_stopped(serving, stop)
    granian.stop()  # type: ignore[no-untyped-call] # granian's own method lacks annotations
    await serving


async def _serve_uvicorn(app: Litestar, server: Server, stop: asyncio.Event) -> None:
    config = uvicorn.Config(
        app,
        host=server.host,
        port=server.port,
        log_config=None,
        access_log=False,
        ws="none",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    uvicorn_server = Uvicorn(config)
    serving = asyncio.create_task(uvicorn_server.serve())
    await _until_stopped(serving, stop)
    uvicorn_server.should_exit = True
    await serving


async def _until_stopped(serving: asyncio.Task[None], stop: asyncio.Event) -> None:
    """Wait for the stop, or for a server that ended by itself (its error is raised later)."""
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
