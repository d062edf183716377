"""Who is erased while a step runs does not join again, not even in what is kept of the past."""

import asyncio
from dataclasses import dataclass
from datetime import date

from pyroaring import BitMap
from sqlalchemy import select, text
from typing_extensions import override

from backend.kernel.db import Database, ReadSession
from groups.definitions.evaluating import evaluate_now
from groups.definitions.models import ResidentGroup
from groups.engine.engine import Engine
from groups.evaluation.ports import Evaluator, Found, Preview, Question
from groups.language.decode import decode
from groups.memberships.rules import Cause
from groups.public import erase_resident
from groups.tables import Evaluation, ResidentFact
from tests.drivers.waiting import until
from tests.groups.engine.hamlet import Hamlet, of_age

WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


async def _is_waited_for(database: Database) -> bool:
    async with database.read([]) as session:
        return bool(await session.scalar(WAITING))


async def _ever_changed(hamlet: Hamlet) -> BitMap:
    columns = select(Evaluation.joined_slots, Evaluation.left_slots)
    async with hamlet.database.read([hamlet.municipality]) as session:
        rows = await session.execute(columns)
        return BitMap().union(*(BitMap.deserialize(each) for row in rows for each in row if each))


@dataclass(frozen=True)
class Behind(Evaluator):
    """Answers from an engine's columns, however old."""

    engine: Engine

    @override
    async def preview(self, session: ReadSession, question: Question) -> Preview:
        return self.engine.columns.preview(question, None)

    @override
    async def members(self, session: ReadSession, question: Question) -> Found:
        return self.engine.columns.members(question)


async def test_who_is_erased_does_not_join_by_an_engine_that_has_not_followed_it(
    hamlet: Hamlet, engine: Engine
) -> None:
    erased, *others = await hamlet.settle(3)
    group_id = await hamlet.group(of_age(18, 99))
    await engine.follow_now()
    place, evaluator = hamlet.municipality, Behind(engine)
    async with hamlet.database.write([place]) as session:
        assert await erase_resident(session, place, erased, hamlet.clock)
    async with hamlet.database.write([place]) as session:
        group = await session.get_one(ResidentGroup, (place, group_id), with_for_update=True)
        rule = decode(of_age(18, 99))
        await evaluate_now(
            session,
            evaluator,
            group,
            rule,
            Cause.RELEASED,
            as_of=date(2026, 11, 20),
            clock=hamlet.clock,
        )
    assert await hamlet.members(group_id) == set(others)
    assert len(await _ever_changed(hamlet)) == len(others)


async def test_who_is_erased_after_the_facts_were_read_does_not_join_again(
    hamlet: Hamlet, engine: Engine
) -> None:
    erased, *others = await hamlet.settle(3)
    group = await hamlet.group(of_age(18, 99))
    await engine.follow_now()
    await hamlet.change(others, language="lv")
    async with hamlet.database.write([hamlet.municipality]) as session:
        of = ResidentFact.resident_id == erased
        slot = (await session.scalars(select(ResidentFact.slot).where(of))).one()
        assert await erase_resident(session, hamlet.municipality, erased, hamlet.clock)
        following = asyncio.create_task(engine.follow_now())
        await until(lambda: _is_waited_for(hamlet.database), "the step waits for the groups")
    await following
    await engine.follow_now()
    assert await hamlet.members(group) == set(others)
    assert slot not in await _ever_changed(hamlet)
    assert await hamlet.left_to_follow() == 0
