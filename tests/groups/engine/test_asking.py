"""The engine answers what PostgreSQL would; without it PostgreSQL answers, and says so."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from backend.kernel.db import ReadSession
from groups.engine.addresses import connect
from groups.engine.client import EngineEvaluator, FallbackEvaluator
from groups.engine.engine import Engine
from groups.engine.serving import answering
from groups.engine.wire import (
    ANSWER,
    LARGEST_ANSWER_BYTES,
    Refusal,
    Refused,
    Wanted,
    ask,
    read_frame,
    write_frame,
)
from groups.evaluation.ports import EvaluatedBy, Question, Scope
from groups.evaluation.sql import SqlEvaluator
from groups.language.decode import decode
from tests.groups.engine.hamlet import Hamlet, of_age, of_parish
from tests.groups.townsfolk import STOPINI, Facts

TODAY = date(2026, 11, 20)
TOKEN = b"token of the tests"
RULE = decode({"op": "and", "args": [of_parish(STOPINI), of_age(0, 17)]})
READ_SECONDS = 10


@pytest.fixture(params=["short", "a-directory-of-a-very-long-name-" * 4])
async def address(
    engine: Engine, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncGenerator[str]:
    """Give the address of an engine; a socket's path may be longer than Linux takes."""
    directory = tmp_path / str(request.param)
    directory.mkdir()
    address = f"unix://{directory}/engine.sock"
    async with answering(engine, address, TOKEN):
        yield address


@pytest.fixture
async def evaluator(address: str) -> AsyncGenerator[FallbackEvaluator]:
    """Give what asks the engine, and PostgreSQL else."""
    evaluator = FallbackEvaluator(EngineEvaluator([address], TOKEN), SqlEvaluator())
    yield evaluator
    await evaluator.close()


async def test_the_engine_counts_and_finds_what_postgresql_does(
    hamlet: Hamlet, other: Hamlet, engine: Engine, evaluator: FallbackEvaluator
) -> None:
    for place in (hamlet, other):
        await place.settle(3)
        await place.settle(2, Facts(born=date(2020, 1, 1)))
    await engine.follow_now()
    both = (hamlet.municipality, other.municipality)
    wide = Question(both, RULE, TODAY + timedelta(days=400), Scope.ALL)
    here = Question(both[:1], RULE, TODAY)
    async with hamlet.database.read(both) as session:
        for question in (wide, here):
            shown = await evaluator.preview(session, question)
            expected = await SqlEvaluator().preview(session, question)
            assert shown.evaluated_by is EvaluatedBy.ENGINE
            assert [(step.pointer, step.size) for step in shown.steps] == [
                (step.pointer, step.size) for step in expected.steps
            ]
            assert shown.steps[-1].slots.differing(expected.steps[-1].slots) == 0
            assert shown.everybody.size == expected.everybody.size
        found = await evaluator.members(session, here)
        assert found.slots == (await SqlEvaluator().members(session, here)).slots
        assert found.evaluated_by is EvaluatedBy.ENGINE


async def test_an_answer_tells_as_of_when_the_facts_are_known(
    hamlet: Hamlet, engine: Engine, evaluator: FallbackEvaluator
) -> None:
    await engine.follow_now()
    await engine.follow_now()
    question = Question((hamlet.municipality,), RULE, TODAY)
    async with hamlet.database.read([hamlet.municipality]) as session:
        shown = await evaluator.preview(session, question)
    assert shown.facts_at == hamlet.clock()


async def test_before_the_facts_are_loaded_postgresql_answers(
    hamlet: Hamlet, evaluator: FallbackEvaluator
) -> None:
    question = Question((hamlet.municipality,), RULE, TODAY)
    async with hamlet.database.read([hamlet.municipality]) as session:
        assert (await evaluator.preview(session, question)).evaluated_by is EvaluatedBy.SQL


async def test_without_an_engine_postgresql_answers_and_memberships_stay(
    hamlet: Hamlet, engine: Engine, tmp_path: Path
) -> None:
    people = await hamlet.settle(2)
    group = await hamlet.group(of_age(18, 99))
    await engine.follow_now()
    await hamlet.die(people[:1])
    alone = FallbackEvaluator(EngineEvaluator([f"unix://{tmp_path}/none"], TOKEN), SqlEvaluator())
    question = Question((hamlet.municipality,), decode(of_age(18, 99)), TODAY)
    async with hamlet.database.read([hamlet.municipality]) as session:
        shown, found = (
            await alone.preview(session, question),
            await alone.members(session, question),
        )
    assert (shown.evaluated_by, shown.steps[-1].size) == (EvaluatedBy.SQL, 1)
    assert (found.evaluated_by, len(found.slots)) == (EvaluatedBy.SQL, 1)
    assert await hamlet.members(group) == set(people)


async def test_a_kept_connection_outlives_an_engine_that_was_started_again(
    hamlet: Hamlet, engine: Engine, tmp_path: Path
) -> None:
    await engine.follow_now()
    client = EngineEvaluator([f"unix://{tmp_path}/nobody", f"unix://{tmp_path}/engine"], TOKEN)
    question = Question((hamlet.municipality,), RULE, TODAY)
    async with hamlet.database.read([hamlet.municipality]) as session:
        for _ in range(2):
            async with answering(engine, f"unix://{tmp_path}/engine", TOKEN):
                shown = await client.preview(session, question)
                assert shown.evaluated_by is EvaluatedBy.ENGINE
    await client.close()


@pytest.fixture
def silent() -> Generator[str]:
    """Give an address at which nobody takes connections, nor refuses them, as of a host that is off."""
    with socket.socket() as listening, socket.socket() as waiting:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        waiting.connect(listening.getsockname())
        yield f"tcp://127.0.0.1:{listening.getsockname()[1]}"


async def test_an_engine_answers_although_another_host_is_silent(
    hamlet: Hamlet, engine: Engine, tmp_path: Path, silent: str
) -> None:
    await engine.follow_now()
    client = EngineEvaluator([silent, f"unix://{tmp_path}/engine"], TOKEN)
    question = Question((hamlet.municipality,), RULE, TODAY)
    async with (
        hamlet.database.read([hamlet.municipality]) as session,
        answering(engine, f"unix://{tmp_path}/engine", TOKEN),
    ):
        shown = await client.preview(session, question)
        assert shown.evaluated_by is EvaluatedBy.ENGINE
    await client.close()


async def test_who_waits_no_longer_for_an_answer_lets_the_connection_go(
    hamlet: Hamlet, tmp_path: Path
) -> None:
    asked, let_go = asyncio.Event(), asyncio.Event()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(1)
        asked.set()
        await reader.read()
        let_go.set()
        writer.close()

    client = EngineEvaluator([f"unix://{tmp_path}/silent"], TOKEN)
    question = Question((hamlet.municipality,), RULE, TODAY)
    async with (
        asyncio.timeout(READ_SECONDS),
        hamlet.database.read([hamlet.municipality]) as session,
        await asyncio.start_unix_server(say_nothing, tmp_path / "silent"),
    ):
        asking = asyncio.create_task(client.preview(session, question))
        await asked.wait()
        asking.cancel()
        await let_go.wait()
    assert asking.cancelled()


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\x00",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\x00\x00\x00\x02{}",
        b"\xff\xff\xff\xff",
        b"\x00\x00\x00\x01\xc1",
    ],
)
async def test_what_is_no_question_gets_no_answer_and_harms_nobody(
    hamlet: Hamlet, engine: Engine, address: str, evaluator: FallbackEvaluator, frame: bytes
) -> None:
    await engine.follow_now()
    reader, writer = await connect(address)
    writer.write(frame)
    writer.write_eof()
    async with asyncio.timeout(READ_SECONDS):
        said = await reader.read()
    writer.close()
    assert not said or ANSWER.decode(said[4:]) == Refused(Refusal.UNREADABLE)
    question = Question((hamlet.municipality,), RULE, TODAY)
    async with hamlet.database.read([hamlet.municipality]) as session:
        assert (await evaluator.preview(session, question)).evaluated_by is EvaluatedBy.ENGINE


async def test_who_does_not_have_the_token_is_let_go(address: str, hamlet: Hamlet) -> None:
    reader, writer = await connect(address)
    question = Question((hamlet.municipality,), RULE, TODAY)
    await write_frame(writer, ask(b"another", Wanted.MEMBERS, question))
    answer = await read_frame(reader, LARGEST_ANSWER_BYTES)
    assert answer is not None
    assert ANSWER.decode(answer) == Refused(Refusal.TOKEN)
    async with asyncio.timeout(READ_SECONDS):
        assert await reader.read() == b""
    writer.close()


def test_a_socket_is_the_accounts_own(address: str) -> None:
    assert Path(address.removeprefix("unix://")).stat().st_mode & 0o777 == 0o600


Asked = Callable[[ReadSession, Question], Awaitable[object]]


@pytest.mark.parametrize("asked", [SqlEvaluator().preview, SqlEvaluator().members])
async def test_an_answer_of_postgresql_comes_within_a_minute_or_not_at_all(
    hamlet: Hamlet, asked: Asked
) -> None:
    question = Question((hamlet.municipality,), RULE, TODAY)
    async with hamlet.database.read([hamlet.municipality]) as session:
        await asked(session, question)
        assert await session.scalar(text("SHOW statement_timeout")) == "1min"
    async with hamlet.database.read([hamlet.municipality]) as session:
        assert await session.scalar(text("SHOW statement_timeout")) == "0"
