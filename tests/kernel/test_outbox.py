"""The outbox: an event is acted on once, a poisonous one keeps nobody, and tenants stay apart."""

import asyncio
from collections.abc import Mapping

import pytest
from sqlalchemy import func, select, text

from backend.kernel import audit
from backend.kernel.audit import AuditEntry
from backend.kernel.db import Database, WriteSession
from backend.kernel.housekeeping import HOUSEKEEPING_DUE
from backend.kernel.ids import new_id
from backend.kernel.outbox import Event, Handler, OutboxEvent, backlog, publish
from backend.kernel.principals import Principal, PrincipalKind
from backend.kernel.tenancy import MunicipalityId
from backend.worker.loops import dispatch_one
from notifications.delivery.finishing import DISPATCH_FINISHED
from tests.drivers.clock import SteeredClock

HERE, THERE = MunicipalityId(44000), MunicipalityId(9000)
BOTH = (HERE, THERE)
GOOD, BAD = HOUSEKEEPING_DUE, DISPATCH_FINISHED
"""Two topics that exist; the tests act on them by handlers of their own."""


async def _note(session: WriteSession, event: Event) -> None:
    """Write something with the event, as a handler does."""
    actor = Principal(PrincipalKind.SYSTEM, event.municipality, new_id(), new_id())
    audit.record(session, actor, event.topic, ("event", event.id), now=SteeredClock()())
    await session.flush()


async def _note_and_fail(session: WriteSession, event: Event) -> None:
    await _note(session, event)
    raise KeyError("a fault of our own")


HANDLERS: Mapping[str, Handler] = {GOOD: _note, BAD: _note_and_fail}


async def _noted(database: Database) -> int:
    async with database.read(BOTH) as session:
        return await session.scalar(select(func.count()).select_from(AuditEntry)) or 0


async def test_an_event_is_acted_on_once_however_many_workers_there_are(
    database: Database, clock: SteeredClock
) -> None:
    async with database.write(BOTH) as session:
        for number in range(20):
            await publish(session, BOTH[number % 2], GOOD, {}, clock())
    turn = dispatch_one(database, BOTH, HANDLERS, clock)

    async def work() -> None:
        while await turn():
            pass

    await asyncio.gather(*(work() for _ in range(4)))
    assert await _noted(database) == 20


async def test_a_poisonous_event_is_put_off_and_given_up_and_keeps_no_other(
    database: Database, clock: SteeredClock
) -> None:
    async with database.write(BOTH) as session:
        await publish(session, HERE, BAD, {}, clock())
        await publish(session, HERE, GOOD, {}, clock())
    turn = dispatch_one(database, BOTH, HANDLERS, clock)
    assert await turn()
    assert await turn()
    assert await _noted(database) == 1, "the fault undid its own writing and nothing else"
    assert not await turn(), "it waits"
    for _ in range(20):
        clock.advance(hours=1)
        await turn()
    async with database.read(BOTH) as session:
        assert await backlog(session) == (0, 1)
    assert await _noted(database) == 1


async def test_an_event_of_a_municipality_that_is_not_served_waits_for_its_worker(
    database: Database, clock: SteeredClock
) -> None:
    async with database.write(BOTH) as session:
        await publish(session, THERE, GOOD, {}, clock())
    assert not await dispatch_one(database, (HERE,), HANDLERS, clock)()
    assert await dispatch_one(database, (THERE,), HANDLERS, clock)()


async def test_a_handler_sees_and_writes_its_own_municipality_alone(
    database: Database, clock: SteeredClock
) -> None:
    seen: list[object] = []

    async def look(session: WriteSession, _: Event) -> None:
        seen.append(await session.scalar(text("SELECT novads_tenants()")))
        seen.append(await session.scalar(select(func.count()).select_from(OutboxEvent)))

    async with database.write(BOTH) as session:
        await publish(session, HERE, GOOD, {}, clock())
        await publish(session, THERE, GOOD, {}, clock())
    assert await dispatch_one(database, BOTH, {GOOD: look}, clock)()
    assert seen == [[44000], 1]


async def test_a_topic_that_nobody_declared_cannot_be_published(
    database: Database, clock: SteeredClock
) -> None:
    with pytest.raises(ValueError, match="undeclared"):
        async with database.write(BOTH) as session:
            await publish(session, HERE, "test.unknown", {}, clock())
