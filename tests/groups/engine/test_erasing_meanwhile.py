"""Who is erased while a step runs does not join again, not even in what is kept of the past."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from pyroaring import BitMap
from sqlalchemy import select, text
from typing_extensions import override

from backend.kernel.db import Database, ReadSession
from backend.kernel.errors import Text
from backend.kernel.ids import new_id
from backend.kernel.principals import Principal, PrincipalKind
from groups.audiences.composing import Wanted, compose
from groups.audiences.models import Audience
from groups.definitions import service
from groups.definitions.evaluating import evaluate_now
from groups.definitions.models import ResidentGroup
from groups.definitions.queries import NewGroup
from groups.engine.engine import Engine
from groups.evaluation.ports import Evaluator, Found, Preview, Question, Scope
from groups.evaluation.sql import SqlEvaluator
from groups.language.decode import decode
from groups.language.things import Purpose
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


async def _waits_or_is_done(database: Database, task: asyncio.Task[Any]) -> bool:
    return task.done() or await _is_waited_for(database)


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


@dataclass(frozen=True)
class Interrupted(SqlEvaluator):
    """Lets something happen once it has found the members."""

    meanwhile: Callable[[], Awaitable[object]]

    @override
    async def members(self, session: ReadSession, question: Question) -> Found:
        found = await super().members(session, question)
        await self.meanwhile()
        return found


async def _create(hamlet: Hamlet, evaluator: Evaluator) -> UUID:
    by = Principal(PrincipalKind.STAFF, hamlet.municipality, new_id(), new_id())
    name, rule = Text("Pieaugušie", "Adults"), decode(of_age(18, 99))
    new = NewGroup(name, "", Purpose.SERVICES, Scope.DECLARED, None, rule)
    async with hamlet.database.write([hamlet.municipality]) as session:
        created = await service.create(session, by, new, evaluator, hamlet.clock, minimum=10)
    return created.group.id


async def _erase(hamlet: Hamlet, resident_id: UUID) -> None:
    async with hamlet.database.write([hamlet.municipality]) as session:
        assert await erase_resident(session, hamlet.municipality, resident_id, hamlet.clock)


async def test_who_is_erased_while_a_group_is_created_is_not_left_in_it(hamlet: Hamlet) -> None:
    erased, *others = await hamlet.settle(3)
    erasing: list[asyncio.Task[None]] = []

    async def erase() -> None:
        if not erasing:
            erasing.append(asyncio.create_task(_erase(hamlet, erased)))
            await until(partial(_waits_or_is_done, hamlet.database, erasing[0]), "erasing waits")

    group_id = await _create(hamlet, Interrupted(erase))
    await erasing[0]
    assert await hamlet.members(group_id) == set(others)
    assert len(await _ever_changed(hamlet)) == len(others)


async def test_a_group_that_is_created_while_somebody_is_erased_does_not_find_them(
    hamlet: Hamlet, engine: Engine
) -> None:
    erased, *others = await hamlet.settle(3)
    await engine.follow_now()
    for evaluator in (SqlEvaluator(), Behind(engine)):
        async with hamlet.database.write([hamlet.municipality]) as session:
            assert await erase_resident(session, hamlet.municipality, erased, hamlet.clock)
            creating = asyncio.create_task(_create(hamlet, evaluator))
            await until(partial(_waits_or_is_done, hamlet.database, creating), "the group waits")
        assert await hamlet.members(await creating) == set(others)
        assert len(await _ever_changed(hamlet)) == len(others)
        erased, *others = others


async def _freeze(hamlet: Hamlet, evaluator: Evaluator) -> UUID:
    by = Principal(PrincipalKind.STAFF, hamlet.municipality, new_id(), new_id())
    adults = decode(of_age(18, 99))
    wanted = Wanted((), (), adults, None, (), Purpose.SERVICES, Scope.DECLARED, None, minimum=10)
    async with hamlet.database.write([hamlet.municipality]) as session:
        audience = await compose(session, by, wanted, evaluator, hamlet.clock())
    return audience.id


async def _audience(hamlet: Hamlet, audience_id: UUID) -> int:
    async with hamlet.database.read([hamlet.municipality]) as session:
        audience = await session.get_one(Audience, (hamlet.municipality, audience_id))
    return len(BitMap.deserialize(audience.slots))


async def test_who_is_erased_while_an_audience_is_frozen_is_not_left_in_it(
    hamlet: Hamlet, engine: Engine
) -> None:
    erased, *others = await hamlet.settle(4)
    await engine.follow_now()
    erasing: list[asyncio.Task[None]] = []

    async def erase() -> None:
        if not erasing:
            erasing.append(asyncio.create_task(_erase(hamlet, erased)))
            await until(partial(_waits_or_is_done, hamlet.database, erasing[0]), "erasing waits")

    audience = await _freeze(hamlet, Interrupted(erase))
    await erasing[0]
    assert await _audience(hamlet, audience) == len(others)
    another, *left = others
    async with hamlet.database.write([hamlet.municipality]) as session:
        assert await erase_resident(session, hamlet.municipality, another, hamlet.clock)
        freezing = asyncio.create_task(_freeze(hamlet, Behind(engine)))
        await until(partial(_waits_or_is_done, hamlet.database, freezing), "the audience waits")
    assert await _audience(hamlet, await freezing) == len(left)
