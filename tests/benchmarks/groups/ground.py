"""On what groups are measured: a nation in PostgreSQL, a thousand groups, engine and API apart."""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import asyncpg

from backend.kernel.clock import Clock
from backend.kernel.db import Database
from backend.kernel.tenancy import MunicipalityId
from tests.benchmarks.groups.nation import Town
from tests.benchmarks.groups.saving import Saved
from tests.benchmarks.harness.catalogue import Say
from tests.benchmarks.surroundings.postgres import Postgres
from tests.drivers.installation import Installation, Started

RESIDENTS = 2_000_000
RULES = 1_000
SEED = 1
POLL_SECONDS = 0.005
PATIENCE_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Ground:
    """The nation, its groups, and the ways to it."""

    directory: Path
    postgres: Postgres
    database: Database
    admin: asyncpg.Connection = field(repr=False)
    nation: Sequence[Town]
    groups: Sequence[Saved]
    as_of: date
    clock: Clock
    say: Say

    @property
    def municipalities(self) -> tuple[MunicipalityId, ...]:
        """All of them."""
        return tuple(town.municipality for town in self.nation)

    async def fetchval(self, statement: str, *arguments: object) -> int:
        """Ask for one number as the superuser, who sees all municipalities."""
        found: int | None = await self.admin.fetchval(statement, *arguments)
        return found or 0


@contextmanager
def installed(directory: Path, postgres: Postgres) -> Generator[Installation]:
    """Give an installation on the database; what was started in it ends with the block."""
    directory.mkdir()
    installation = Installation(
        directory, {"database_url": postgres.app_url, "simulators": "false"}
    )
    try:
        yield installation
    finally:
        for started in installation.started:
            end(started)


def end(started: Started) -> None:
    """End a process as an operator does."""
    started.process.terminate()
    started.process.wait()


async def until(
    found: Callable[[], Awaitable[bool]], what: str, *, every: float = POLL_SECONDS
) -> None:
    """Look again and again, after so many seconds each time, until something is so.

    Raises:
        TimeoutError: it never is.
    """
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await found():  # noqa: ASYNC110 - other processes set no event
                await asyncio.sleep(every)
    except TimeoutError:
        raise TimeoutError(what) from None
