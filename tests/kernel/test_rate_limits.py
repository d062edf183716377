"""Rate counters: shared, exact under races, and never in need of Redis."""

import asyncio
import os
from datetime import timedelta

import pytest

from backend.kernel.clock import Clock
from backend.kernel.db import Database
from backend.kernel.ids import new_id
from backend.kernel.rate_limits import Limit, RateLimiter, TooManyRequests, open_redis

FIVE = Limit("test", most=5, window=timedelta(minutes=1))
NOWHERE = "redis://127.0.0.1:9/0"


async def _spent(limiter: RateLimiter, clock: Clock, caller: str, times: int) -> int:
    answers = await asyncio.gather(
        *(limiter.spend(FIVE, caller, clock()) for _ in range(times)), return_exceptions=True
    )
    refused = [answer for answer in answers if isinstance(answer, TooManyRequests)]
    assert len(refused) == sum(answer is not None for answer in answers)
    return times - len(refused)


async def test_of_many_at_once_exactly_as_many_pass_as_allowed(
    database: Database, clock: Clock
) -> None:
    limiter = RateLimiter(database)
    assert await _spent(limiter, clock, "192.0.2.1", 12) == 5
    assert await _spent(limiter, clock, "192.0.2.2", 2) == 2


async def test_the_refusal_says_when_to_come_again(database: Database, clock: Clock) -> None:
    limiter = RateLimiter(database)
    await _spent(limiter, clock, "192.0.2.1", 5)
    with pytest.raises(TooManyRequests) as refusal:
        await limiter.spend(FIVE, "192.0.2.1", clock() + timedelta(seconds=20))
    assert refusal.value.retry_after_seconds == 40
    await limiter.spend(FIVE, "192.0.2.1", clock() + timedelta(seconds=60))


async def test_without_its_redis_the_database_counts(database: Database, clock: Clock) -> None:
    limiter = RateLimiter(database, open_redis(NOWHERE))
    assert not await limiter.redis_answers()
    assert await _spent(limiter, clock, "192.0.2.1", 8) == 5
    await limiter.close()


@pytest.mark.redis
async def test_two_processes_share_their_counters_in_redis(
    database: Database, clock: Clock
) -> None:
    url = os.environ["NOVADS_TEST_REDIS_URL"]  # noqa: TID251 - the tests' own switch
    limiters = [RateLimiter(database, open_redis(url)) for _ in range(2)]
    caller = new_id().hex
    passed = [await _spent(limiter, clock, caller, 4) for limiter in limiters]
    assert passed == [4, 1]
    assert await limiters[0].redis_answers()
    for limiter in limiters:
        await limiter.close()
