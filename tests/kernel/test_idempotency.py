"""One intention has one effect: repeated, refused, raced, told by another caller."""

import asyncio
from dataclasses import replace

import pytest
from msgspec import Struct

from backend.kernel.db import Database, WriteSession
from backend.kernel.errors import InvalidInput
from backend.kernel.housekeeping import HOUSEKEEPING_DUE
from backend.kernel.idempotency import IdempotencyKeyReused, Once
from backend.kernel.outbox import backlog, publish
from backend.kernel.personal_data import Vault
from backend.kernel.tenancy import MunicipalityId
from tests.drivers.clock import SteeredClock

HERE = MunicipalityId(44000)


class Answer(Struct):
    """What the use case of these tests answers."""

    number: int


@pytest.fixture
def once(database: Database, vault: Vault, clock: SteeredClock) -> Once:
    """Give one caller's intention."""
    return Once(
        transactions=database.serving((HERE,)),
        vault=vault,
        clock=clock,
        municipality=HERE,
        scope="resident:1",
        key="k" * 16,
        request_digest=b"digest",
    )


class Counted:
    """A use case that leaves an event each time it has an effect."""

    def __init__(self, clock: SteeredClock) -> None:
        """Write by this clock."""
        self._clock = clock
        self.calls = 0
        self.fails = False

    async def __call__(self, session: WriteSession) -> Answer:
        """Have the effect; fail afterwards when told so."""
        self.calls += 1
        await publish(session, HERE, HOUSEKEEPING_DUE, {}, self._clock())
        if self.fails:
            raise InvalidInput
        return Answer(self.calls)


async def _effects(database: Database) -> int:
    async with database.read((HERE,)) as session:
        return (await backlog(session))[0]


async def test_of_many_at_once_one_has_the_effect_and_all_get_its_answer(
    database: Database, once: Once, clock: SteeredClock
) -> None:
    use_case = Counted(clock)
    answers = await asyncio.gather(*(once(use_case, Answer, 202) for _ in range(5)))
    assert {(answer.content.number, answer.status_code) for answer in answers} == {(1, 202)}
    assert await _effects(database) == 1


async def test_a_refusal_leaves_the_key_free(
    database: Database, once: Once, clock: SteeredClock
) -> None:
    use_case = Counted(clock)
    use_case.fails = True
    with pytest.raises(InvalidInput):
        await once(use_case, Answer)
    assert await _effects(database) == 0
    use_case.fails = False
    assert (await once(use_case, Answer)).content.number == 2
    assert await _effects(database) == 1


async def test_when_the_first_of_two_at_once_is_refused_the_second_has_the_effect(
    database: Database, once: Once, clock: SteeredClock
) -> None:
    use_case, waiting = Counted(clock), asyncio.Event()

    async def refuse(session: WriteSession) -> Answer:
        waiting.set()
        await asyncio.sleep(0)
        use_case.fails = True
        try:
            return await use_case(session)
        finally:
            use_case.fails = False

    first = asyncio.create_task(once(refuse, Answer))
    await waiting.wait()
    second = await once(use_case, Answer)
    with pytest.raises(InvalidInput):
        await first
    assert second.status_code == 201
    assert await _effects(database) == 1


async def test_a_key_stands_for_one_request_of_one_caller(
    database: Database, once: Once, clock: SteeredClock
) -> None:
    use_case = Counted(clock)
    await once(use_case, Answer)
    with pytest.raises(IdempotencyKeyReused):
        await replace(once, request_digest=b"another")(use_case, Answer)
    another = await replace(once, scope="resident:2")(use_case, Answer)
    assert another.content.number == 2
    assert await _effects(database) == 2
