"""The engine of one deployment: looks for what is to be followed, and answers what is asked."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from backend.kernel.clock import Clock
from backend.kernel.db import Database, ReadSession
from backend.kernel.errors import TryAgain
from backend.kernel.logs import logger
from backend.kernel.tenancy import MunicipalityId
from backend.kernel.wakeups import Bell
from groups.columns.store import ColumnStore
from groups.engine import queries
from groups.engine.following import Follower, Superseded
from groups.engine.rules import wait_seconds

LOG = logger(__name__)
LANES = 3
"""Municipalities followed at the same time, so that one resident's change does not stand behind a feed."""


@dataclass(slots=True)
class Failing:
    """A municipality that could not be followed, and until when it is left alone."""

    failures: int
    until: float


@dataclass(slots=True)
class Engine:
    """Follows all municipalities while it leads; one that fails does not stop the others.

    What is noted of one that is being followed is looked for when that has ended.
    """

    database: Database
    municipalities: Sequence[MunicipalityId]
    clock: Clock
    bell: Bell
    columns: ColumnStore = field(default_factory=ColumnStore)
    follower: Follower = field(init=False)
    _lanes: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(LANES))
    _busy: set[MunicipalityId] = field(default_factory=set[MunicipalityId])
    _again: set[MunicipalityId] = field(default_factory=set[MunicipalityId])
    _failing: dict[MunicipalityId, Failing] = field(default_factory=dict[MunicipalityId, Failing])

    def __post_init__(self) -> None:
        """Follow by columns of its own."""
        self.follower = Follower(self.database, self.columns, self.clock)

    async def run(self) -> None:
        """Follow until the bell's end."""
        async with asyncio.TaskGroup() as tasks:
            while not self.bell.is_over:
                looked_at = self.clock()
                for municipality, is_noted in await self._due(looked_at):
                    self._busy.add(municipality)
                    tasks.create_task(self._advance(municipality, is_noted=is_noted))
                await self.bell.wait()

    async def follow_now(self) -> None:
        """Follow everything that is to be followed at this moment, and return.

        What fails does not stop the others; the first failure is raised when all have ended.
        """
        due = await self._due(self.clock())
        ended = await asyncio.gather(
            *(self._in_lane(municipality, is_noted=noted) for municipality, noted in due),
            return_exceptions=True,
        )
        for failure in ended:
            if failure is not None:
                raise failure

    def facts_at(self, municipalities: Sequence[MunicipalityId]) -> datetime | None:
        """Give the instant as of which the facts of all of them are followed."""
        known = [self.follower.facts_at.get(each) for each in municipalities]
        instants = [each for each in known if each is not None]
        return min(instants) if instants and len(instants) == len(known) else None

    async def _due(self, looked_at: datetime) -> list[tuple[MunicipalityId, bool]]:
        try:
            async with self.database.read(self.municipalities) as session:
                noted = await queries.noted(session, self.municipalities)
                ordered = await self._largest_first(session)
        except TryAgain:
            return []
        due: list[tuple[MunicipalityId, bool]] = []
        for municipality in ordered:
            if municipality in self._busy and municipality in noted:
                self._again.add(municipality)
            if municipality in self._busy or self._waits(municipality):
                continue
            if municipality in noted or self.follower.is_due(municipality):
                due.append((municipality, municipality in noted))
            else:
                self.follower.followed_at(municipality, looked_at)
        return due

    async def _largest_first(self, session: ReadSession) -> Sequence[MunicipalityId]:
        """Order what is not in memory yet by its size, so that the largest is not begun last."""
        unread = set(self.municipalities) - self.columns.municipalities
        if not unread:
            return self.municipalities
        sizes = await queries.sizes(session, unread)
        return sorted(self.municipalities, key=lambda each: -sizes.get(each, 0))

    async def _in_lane(self, municipality: MunicipalityId, *, is_noted: bool) -> None:
        async with self._lanes:
            await self.follower.advance(municipality, is_noted=is_noted)

    def _waits(self, municipality: MunicipalityId) -> bool:
        failing = self._failing.get(municipality)
        return failing is not None and time.monotonic() < failing.until

    async def _advance(self, municipality: MunicipalityId, *, is_noted: bool) -> None:
        try:
            await self._in_lane(municipality, is_noted=is_noted)
            self._failing.pop(municipality, None)
        except Superseded:
            LOG.warning("engine_superseded", municipality=municipality)
        except Exception as error:  # noqa: BLE001 - the other municipalities are followed on
            self._failed(municipality, error)
        finally:
            self._busy.discard(municipality)
            if municipality in self._again:
                self._again.discard(municipality)
                self.bell.ring()

    def _failed(self, municipality: MunicipalityId, error: Exception) -> None:
        before = self._failing.get(municipality)
        failures = 1 + (before.failures if before else 0)
        seconds = wait_seconds(failures)
        self._failing[municipality] = Failing(failures, time.monotonic() + seconds)
        LOG.error(
            "following_failed",
            failure=error,
            municipality=municipality,
            attempts=failures,
            delay_seconds=seconds,
        )
