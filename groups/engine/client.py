"""Rules evaluated by the engine's process, and by PostgreSQL when it does not answer."""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import msgspec
from typing_extensions import override

from backend.kernel.db import ReadSession
from backend.kernel.logs import logger
from groups.engine.addresses import connect
from groups.engine.wire import (
    ANSWER,
    LARGEST_ANSWER_BYTES,
    Answer,
    Ask,
    Counted,
    Malformed,
    Members,
    Refused,
    Wanted,
    ask,
    read_frame,
    write_frame,
)
from groups.evaluation.ports import Evaluator, Found, Preview, Question

LOG = logger(__name__)
PATIENCE_SECONDS = 2.0
CONNECT_SECONDS = 0.25
"""How long one address may be silent before the next is tried: a host that is off says nothing."""
QUIET_SECONDS = 1.0
"""After a failure the engine is left alone so long."""
KEPT_CONNECTIONS = 8

Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Kind = TypeVar("Kind", Counted, Members)


class EngineUnavailable(Exception):
    """No engine answers, or it does not hold the facts of a municipality that is asked."""


@dataclass(slots=True)
class EngineEvaluator(Evaluator):
    """Asks the engine that leads, wherever of the addresses it answers.

    Connections are kept. Belongs to one event loop; `close` ends it.
    """

    addresses: Sequence[str]
    token: bytes = field(repr=False)
    _kept: list[Line] = field(default_factory=list[Line])
    _quiet_until: float = 0.0

    @override
    async def preview(self, session: ReadSession, question: Question) -> Preview:
        """Count clause by clause.

        Raises:
            EngineUnavailable: no engine can tell.
        """
        counted = await self._answer(Wanted.PREVIEW, question, Counted)
        return counted.preview(question.as_of)

    @override
    async def members(self, session: ReadSession, question: Question) -> Found:
        """Find the residents of the one municipality asked.

        Raises:
            EngineUnavailable: no engine can tell.
        """
        members = await self._answer(Wanted.MEMBERS, question, Members)
        return members.found(question.as_of)

    async def close(self) -> None:
        """Close every connection that is kept."""
        writers = [writer for _, writer in self._kept]
        self._let_go()
        for writer in writers:
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    def _let_go(self) -> None:
        while self._kept:
            _, writer = self._kept.pop()
            writer.close()

    async def _answer(self, wanted: Wanted, question: Question, kind: type[Kind]) -> Kind:
        if time.monotonic() < self._quiet_until:
            raise EngineUnavailable
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                answer = await self._asked(ask(self.token, wanted, question))
        except (OSError, TimeoutError, Malformed, msgspec.DecodeError) as error:
            self._quiet_until = time.monotonic() + QUIET_SECONDS
            self._let_go()
            raise EngineUnavailable from error
        if not isinstance(answer, kind):
            reason = answer.reason.value if isinstance(answer, Refused) else "other_answer"
            LOG.warning("engine_refused", reason=reason)
            raise EngineUnavailable
        return answer

    async def _asked(self, message: Ask) -> Answer:
        """Ask over a kept connection; one that ended meanwhile is no reason to give up."""
        while self._kept:
            with contextlib.suppress(OSError, Malformed, msgspec.DecodeError):
                return await self._over(self._kept.pop(), message)
        return await self._over(await self._line(), message)

    async def _line(self) -> Line:
        refusal: OSError = ConnectionRefusedError()
        for address in self.addresses:
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    return await connect(address)
            except OSError as error:
                refusal = error
        raise refusal

    async def _over(self, line: Line, message: Ask) -> Answer:
        """Ask over a connection; it is kept if it answered, and closed however else this ends."""
        reader, writer = line
        with contextlib.ExitStack() as unless_kept:
            unless_kept.callback(writer.close)
            await write_frame(writer, message)
            answer = ANSWER.decode(await read_frame(reader, LARGEST_ANSWER_BYTES) or b"")
            if len(self._kept) < KEPT_CONNECTIONS:
                self._kept.append(line)
                unless_kept.pop_all()
        return answer


@dataclass(frozen=True, slots=True)
class FallbackEvaluator(Evaluator):
    """Asks the engine, and PostgreSQL when the engine cannot tell; the answer says who gave it."""

    engine: EngineEvaluator
    sql: Evaluator

    @override
    async def preview(self, session: ReadSession, question: Question) -> Preview:
        """Count clause by clause."""
        try:
            return await self.engine.preview(session, question)
        except EngineUnavailable:
            return await self.sql.preview(session, question)

    @override
    async def members(self, session: ReadSession, question: Question) -> Found:
        """Find the residents of the one municipality asked."""
        try:
            return await self.engine.members(session, question)
        except EngineUnavailable:
            return await self.sql.members(session, question)

    async def close(self) -> None:
        """Close the engine's connections."""
        await self.engine.close()
