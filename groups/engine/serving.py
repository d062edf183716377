"""The leading engine answers previews and members."""

import asyncio
import contextlib
import hmac
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import msgspec

from backend.kernel.errors import DomainError
from backend.kernel.logs import logger
from groups.columns.store import NotLoaded
from groups.engine.addresses import listen
from groups.engine.engine import Engine
from groups.engine.wire import (
    ASK,
    LARGEST_ASK_BYTES,
    Answer,
    Ask,
    Counted,
    Malformed,
    Members,
    Refusal,
    Refused,
    Wanted,
    read_frame,
    write_frame,
)

LOG = logger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """Answers for one engine; who does not have the token gets no answer and is let go."""

    engine: Engine
    token: bytes

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection's questions until it ends."""
        try:
            with contextlib.suppress(OSError, Malformed):
                while (frame := await read_frame(reader, LARGEST_ASK_BYTES)) is not None:
                    answer = await self.answer(frame)
                    await write_frame(writer, answer)
                    if isinstance(answer, Refused) and answer.reason is not Refusal.NOT_LOADED:
                        LOG.warning("engine_refused", reason=answer.reason.value)
                        break
        finally:
            writer.close()

    async def answer(self, frame: bytes) -> Answer:
        """Answer one question."""
        try:
            ask = ASK.decode(frame)
            if not hmac.compare_digest(ask.token, self.token):
                return Refused(Refusal.TOKEN)
            return await asyncio.to_thread(self._found, ask)
        except NotLoaded:
            return Refused(Refusal.NOT_LOADED)
        except (msgspec.DecodeError, DomainError, ValueError):
            return Refused(Refusal.UNREADABLE)

    def _found(self, ask: Ask) -> Answer:
        question = ask.question()
        if ask.wanted is Wanted.MEMBERS:
            return Members(self.engine.columns.members(question).slots.serialize())
        facts_at = self.engine.facts_at(question.municipalities)
        return Counted.of(self.engine.columns.preview(question, facts_at))


@contextlib.asynccontextmanager
async def answering(engine: Engine, address: str, token: bytes) -> AsyncGenerator[None]:
    """Answer at an address for the time of the block."""
    connections: set[asyncio.Task[None]] = set()
    desk = Desk(engine, token)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            connections.add(task)
            task.add_done_callback(connections.discard)
        with contextlib.suppress(asyncio.CancelledError):
            await desk.serve(reader, writer)

    server = await listen(address, serve)
    try:
        yield
    finally:
        server.close()
        for each in tuple(connections):
            each.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
