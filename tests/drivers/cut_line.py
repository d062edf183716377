"""A line to a server that is cut when the first answer comes back: it was given, and never read."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from tests.drivers.ports import HOST

BLOCK = 65_536


@asynccontextmanager
async def cut_line(port: int, cut: Callable[[], None]) -> AsyncGenerator[str]:
    """Pass requests on to a port; at the first byte of an answer call `cut` and hang up."""

    async def carry(caller: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        answers, server = await asyncio.open_connection(HOST, port)
        asking = asyncio.create_task(_pass_on(caller, server))
        if await answers.read(1):
            cut()
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        for writer in (server, back):
            writer.close()

    async with await asyncio.start_server(carry, HOST, 0) as line:
        yield f"http://{HOST}:{line.sockets[0].getsockname()[1]}"


async def _pass_on(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    while block := await source.read(BLOCK):
        target.write(block)
        await target.drain()
