"""Shared rate counters: in Redis where there is one, else in PostgreSQL.

Redis is never needed: an error of it opens a circuit for five seconds, in which PostgreSQL counts.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import ClassVar

from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import Text as SqlText
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.db import Database, WriteSession
from backend.kernel.errors import DomainError, Kind, Text
from backend.kernel.logs import logger
from backend.kernel.models import Base

LOG = logger(__name__)
CIRCUIT = timedelta(seconds=5)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TooManyRequests(DomainError):
    """The caller did something too often in too short a time."""

    kind = Kind.LIMITED
    titles: ClassVar[Mapping[str, Text]] = {
        "too_many_requests": Text(
            lv="Pārāk daudz mēģinājumu, mēģiniet vēlāk", en="Too many attempts, try again later"
        )
    }


class RateCounter(Base):
    """How often something happened in one window; UNLOGGED: a crash forgives."""

    __tablename__ = "rate_counter"
    __table_args__ = {"prefixes": ["UNLOGGED"]}  # noqa: RUF012 - SQLAlchemy's own protocol

    key: Mapped[str] = mapped_column(SqlText, primary_key=True)
    window_at: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` times in `window`; `name` tells counters apart."""

    name: str
    most: int
    window: timedelta


@dataclass(slots=True)
class RateLimiter:
    """Counts what callers do, for all processes together; callers are known by a digest only."""

    database: Database
    redis: Redis | None = None
    _closed_until: datetime = field(default=EPOCH, init=False)

    async def spend(self, limit: Limit, caller: str, now: datetime) -> None:
        """Count one more.

        Raises:
            TooManyRequests: it was one too many in this window.
        """
        window_at = now - (now - EPOCH) % limit.window
        key = f"{limit.name}:{hashlib.sha256(caller.encode()).hexdigest()[:32]}"
        count = await self._in_redis(key, window_at, limit, now)
        if count is None:
            count = await self._in_database(key, window_at)
        if count > limit.most:
            left = (window_at + limit.window - now).total_seconds()
            raise TooManyRequests(retry_after_seconds=max(1, ceil(left)))

    @property
    def has_redis(self) -> bool:
        """Whether a Redis is configured."""
        return self.redis is not None

    async def redis_answers(self) -> bool:
        """Ask Redis for a sign of life."""
        try:
            if self.redis is None:
                return False
            await self.redis.exists("novads")
        except (RedisError, OSError):
            return False
        return True

    async def close(self) -> None:
        """Close the connections to Redis."""
        if self.redis is not None:
            await self.redis.aclose()

    async def _in_redis(
        self, key: str, window_at: datetime, limit: Limit, now: datetime
    ) -> int | None:
        if self.redis is None or now < self._closed_until:
            return None
        name = f"novads:rate:{key}:{int(window_at.timestamp())}"
        try:
            count = await self.redis.incr(name)
            if count == 1:
                await self.redis.expire(name, int(limit.window.total_seconds()) + 1)
        except (RedisError, OSError) as error:
            LOG.warning("redis_degraded", error=type(error).__name__)
            self._closed_until = now + CIRCUIT
            return None
        return int(count)

    async def _in_database(self, key: str, window_at: datetime) -> int:
        statement = insert(RateCounter).values(key=key, window_at=window_at, count=1)
        counted = statement.on_conflict_do_update(
            index_elements=["key", "window_at"], set_={"count": RateCounter.count + 1}
        ).returning(RateCounter.count)
        async with self.database.write(()) as session:
            return await session.scalar(counted) or 1


def open_redis(url: str) -> Redis:
    """Make a client that gives up after half a second; no connection is opened yet."""
    return Redis.from_url(  # pyright: ignore[reportUnknownMemberType] # **kwargs of redis
        url, socket_timeout=0.5, socket_connect_timeout=0.5
    )


async def purge_counters(session: WriteSession, now: datetime) -> None:
    """Remove the windows that are over for a day."""
    await session.execute(
        delete(RateCounter).where(RateCounter.window_at < now - timedelta(days=1))
    )
