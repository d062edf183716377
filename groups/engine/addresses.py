"""Where engines answer: a Unix-domain socket, or a port for other hosts."""

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable, Generator
from pathlib import Path
from urllib.parse import urlsplit

from groups.engine.wire import STREAM_BYTES

LONGEST_PATH_BYTES = 100
"""Of the 108 that Linux allows, less what stands in for a long directory."""
OWNER_ONLY = 0o600

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def listen(address: str, serve: Serve) -> asyncio.Server:
    """Listen; a socket is the account's alone, and takes the place of one left behind."""
    parts = urlsplit(address)
    if parts.scheme == "tcp":
        return await asyncio.start_server(serve, parts.hostname, parts.port, limit=STREAM_BYTES)
    path = Path(parts.path)
    with _short(path) as short:
        server = await asyncio.start_unix_server(serve, short, limit=STREAM_BYTES)
        os.chmod(short, OWNER_ONLY)  # noqa: PTH101 - a name, not a path
    return server


async def connect(address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect.

    Raises:
        OSError: nobody listens there.
    """
    parts = urlsplit(address)
    if parts.scheme == "tcp":
        return await asyncio.open_connection(parts.hostname, parts.port, limit=STREAM_BYTES)
    with _short(Path(parts.path)) as short:
        return await asyncio.open_unix_connection(short, limit=STREAM_BYTES)


@contextlib.contextmanager
def _short(path: Path) -> Generator[str]:
    """Name a socket in a deep directory by the directory's descriptor; Linux limits the length."""
    if len(os.fsencode(path)) <= LONGEST_PATH_BYTES:
        yield str(path)
        return
    directory = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{directory}/{path.name}"
    finally:
        os.close(directory)
