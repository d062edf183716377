"""One engine follows, however many run and whatever becomes of the connection by which it leads."""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date
from pathlib import Path

import asyncpg
import pytest

from backend.kernel.db import open_database
from groups.engine.client import EngineEvaluator, EngineUnavailable
from groups.engine.engine import Engine
from groups.engine.following import Superseded
from groups.engine.leader import LEADER_LOCK
from groups.engine.running import Post, run_engine
from groups.evaluation.ports import Question
from groups.language.decode import decode
from tests.drivers.clock import SteeredClock
from tests.drivers.waiting import until
from tests.groups.engine.hamlet import Hamlet, of_age

TODAY = date(2026, 11, 20)
TOKEN = b"token of the tests"
HOLDER = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND granted"

Running = Callable[[Path], AbstractAsyncContextManager[EngineEvaluator]]


@pytest.fixture
def running(hamlet: Hamlet, clock: SteeredClock, app_url: str) -> Running:
    """Give the way to run an engine that answers at a socket, and to ask it."""

    @asynccontextmanager
    async def run(socket: Path) -> AsyncGenerator[EngineEvaluator]:
        database, stop = open_database(app_url, pool_size=5), asyncio.Event()
        post = Post(app_url, database, [hamlet.municipality], f"unix://{socket}", TOKEN)
        engine = asyncio.create_task(run_engine(post, clock, stop))
        client = EngineEvaluator([f"unix://{socket}"], TOKEN)
        yield client
        stop.set()
        await engine
        await client.close()
        await database.close()

    return run


async def _leads(client: EngineEvaluator, hamlet: Hamlet) -> bool:
    question = Question((hamlet.municipality,), decode(of_age(0, 150)), TODAY)
    try:
        async with hamlet.database.read([hamlet.municipality]) as session:
            await client.preview(session, question)
    except EngineUnavailable:
        return False
    return True


async def _depose(app_url: str) -> bool:
    connection = await asyncpg.connect(app_url)
    try:
        pid = await connection.fetchval(HOLDER, LEADER_LOCK)
        return bool(pid and await connection.fetchval("SELECT pg_terminate_backend($1)", pid))
    finally:
        await connection.close()


async def test_an_engine_stands_by_until_the_one_that_leads_has_ended(
    hamlet: Hamlet, running: Running, tmp_path: Path
) -> None:
    async with running(tmp_path / "second") as second:
        async with running(tmp_path / "first") as first:
            clients = [first, second]
            await until(lambda: _any_leads(clients, hamlet), "one leads")
            leading = [await _leads(each, hamlet) for each in clients]
            assert sorted(leading) == [False, True]
        await until(lambda: _leads(second, hamlet), "the other takes over")


async def _any_leads(clients: list[EngineEvaluator], hamlet: Hamlet) -> bool:
    return any([await _leads(each, hamlet) for each in clients])


async def test_engines_that_are_deposed_again_and_again_apply_every_change_once(
    hamlet: Hamlet, running: Running, tmp_path: Path, app_url: str
) -> None:
    chance = random.Random(11)  # noqa: S311 - seeded
    people = await hamlet.settle(12)
    group = await hamlet.group(of_age(18, 99))
    async with running(tmp_path / "one"), running(tmp_path / "two"):
        for turn in range(30):
            chosen = chance.sample(people, 3)
            born = chance.choice([date(1990, 6, 1), date(2020, 6, 1), None])
            await hamlet.change(chosen, birth_on=born)
            if turn % 6 == 0:
                await until(lambda: _depose(app_url), "somebody leads, and is deposed")
            await asyncio.sleep(chance.random() * 0.1)
        await until(lambda: _followed(hamlet), "all is followed")
    await hamlet.check(TODAY)
    written = await hamlet.evaluations(group)
    assert sum(each.joined - each.left for each in written) == len(await hamlet.members(group))


async def _followed(hamlet: Hamlet) -> bool:
    return await hamlet.followed() is not None and await hamlet.left_to_follow() == 0


async def test_an_engine_that_does_not_know_that_it_leads_no_longer_changes_nothing(
    hamlet: Hamlet, engine: Engine, clock: SteeredClock
) -> None:
    people = await hamlet.settle(3)
    group = await hamlet.group(of_age(18, 99))
    await engine.follow_now()
    newer = Engine(engine.database, engine.municipalities, clock, engine.bell)
    await newer.follow_now()
    await hamlet.die(people[:1])
    with pytest.raises(Superseded):
        await engine.follow_now()
    assert await hamlet.members(group) == set(people)
    assert await hamlet.left_to_follow() == 1
    assert hamlet.municipality not in engine.columns.municipalities
    await engine.follow_now()
    assert await hamlet.members(group) == set(people[1:])
    assert await hamlet.left_to_follow() == 0
