"""Starting and stopping one HTTP application on one port."""

import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from aiohttp import web

BACKLOG = 1024
STOP_SECONDS = 1.0


class PortTaken(Exception):
    """Another program already listens on a simulator's port."""

    def __init__(self, simulator: str, host: str, port: int) -> None:
        """Name the simulator and the port, for the operator."""
        super().__init__(f"port {port} on {host}, wanted by the {simulator} simulator, is taken")
        self.simulator = simulator
        self.port = port


def listening(simulator: str, host: str, port: int) -> socket.socket:
    """Open a listening socket; port 0 takes any free one.

    Raises:
        PortTaken: another program listens there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP: for any other protocol number asyncio leaves Nagle's algorithm on, and with it
    # every SMTP dialogue waits 40 ms a message for a delayed acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise PortTaken(simulator, host, port) from error
    return listener


def origin(listener: socket.socket) -> str:
    """Tell the http origin of a listening socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@asynccontextmanager
async def serving(application: web.Application, listener: socket.socket) -> AsyncGenerator[None]:
    """Serve the application on the listener for the time of the block."""
    runner = web.AppRunner(
        application, access_log=None, handle_signals=False, shutdown_timeout=STOP_SECONDS
    )
    await runner.setup()
    try:
        await web.SockSite(runner, listener, backlog=BACKLOG).start()
        yield
    finally:
        await runner.cleanup()
