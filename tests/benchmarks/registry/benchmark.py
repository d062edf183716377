"""The registries of a whole nation, imported as an operator does: snapshots of 42 municipalities."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import asyncpg

from backend.kernel.clock import civil_day, system_clock
from backend.kernel.tenancy import municipality_code
from backend.kernel.territories.register import ZONE
from groups.public import generate_feed
from tests.benchmarks.groups.ground import installed
from tests.benchmarks.groups.nation import Town, towns
from tests.benchmarks.harness.catalogue import Say
from tests.benchmarks.harness.figures import Figure, at_most
from tests.benchmarks.harness.memory import PeakMemory
from tests.benchmarks.harness.meters import CHILDREN, Meter
from tests.benchmarks.surroundings.postgres import (
    NATIONAL,
    Postgres,
    durable_postgres,
    temporary_directory,
)
from tests.drivers.installation import Installation

RESIDENTS = 2_000_000
SEED = 1
PROCESSES = 2
MOST_SECONDS = 240
FLAT = 1.25
"""Memory for the largest feed, in times of that for one of some twentieth of its size."""
OPEN = "SELECT count(*) FROM resident_fact WHERE closed_on IS NULL"


@dataclass(frozen=True, slots=True)
class Imported:
    """What importing some feeds took; memory is that of one importer, in MB."""

    seconds: float
    importer_cpu: float
    postgres_cpu: float
    megabytes: float


def measure(say: Say) -> Sequence[Figure]:
    """Generate the feeds, import one of middling size alone, then all others together."""
    day = civil_day(system_clock(), ZONE)
    nation = towns(RESIDENTS, day)
    with temporary_directory() as directory:
        say(f"generating {RESIDENTS:,} residents in {len(nation)} feeds")
        feeds = _generated(directory / "feeds", nation, day)
        with (
            durable_postgres(directory, NATIONAL) as postgres,
            installed(directory / "installation", postgres) as installation,
        ):
            return _measured(postgres, installation, feeds, say)


def _generated(directory: Path, nation: Sequence[Town], day: date) -> list[Path]:
    """Write the feeds; the largest first."""
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        return list(pool.map(partial(_generate, directory, day), nation))


def _generate(directory: Path, day: date, town: Town) -> Path:
    code = municipality_code(town.municipality)
    return generate_feed(code, town.residents, SEED, directory / code, today=day).directory


def _measured(
    postgres: Postgres, installation: Installation, feeds: Sequence[Path], say: Say
) -> Sequence[Figure]:
    alone = len(feeds) // 2
    say("importing one feed")
    one = _imported(postgres, installation, feeds[alone : alone + 1])
    say(f"importing {len(feeds) - 1} feeds, {PROCESSES} at a time")
    rest = _imported(postgres, installation, [*feeds[:alone], *feeds[alone + 1 :]])
    asyncio.run(_all_are_there(postgres))
    rows = _rows(feeds)
    seconds = one.seconds + rest.seconds
    name = f"import of {RESIDENTS:,} residents"
    return [
        Figure(name, seconds, "s", at_most(MOST_SECONDS)),
        Figure(f"{name}, rows", rows / seconds, "rows/s"),
        Figure("processor time of the importers", one.importer_cpu + rest.importer_cpu, "CPU-s"),
        Figure("processor time of PostgreSQL", one.postgres_cpu + rest.postgres_cpu, "CPU-s"),
        Figure("memory of an importer, one feed of middling size", one.megabytes, "MB"),
        Figure("memory of an importer, the largest feeds", rest.megabytes, "MB"),
        Figure("memory, times", rest.megabytes / one.megabytes, "times", at_most(FLAT)),
    ]


def _imported(postgres: Postgres, installation: Installation, feeds: Sequence[Path]) -> Imported:
    """Import feeds by the product's own command.

    Raises:
        RuntimeError: not every row of every feed has landed.
    """
    names = [str(each) for each in feeds]
    started = installation.start("registry", "import", *names, "--processes", str(PROCESSES))
    pid = started.process.pid
    with PeakMemory(pid) as memory, Meter(postgres=postgres.pid) as meter:
        status = started.process.wait()
    if status or "Bad rows" in started.output:
        raise RuntimeError(started.output[-2000:])
    return Imported(
        meter.wall_seconds, meter.cpu(CHILDREN), meter.cpu("postgres"), memory.megabytes
    )


async def _all_are_there(postgres: Postgres) -> None:
    """Count the residents.

    Raises:
        RuntimeError: there are fewer or more than the feeds have.
    """
    connection = await asyncpg.connect(postgres.admin_url)
    try:
        found = await connection.fetchval(OPEN)
    finally:
        await connection.close()
    if found != RESIDENTS:
        raise RuntimeError(f"{found} residents were imported")


def _rows(feeds: Sequence[Path]) -> int:
    """Count the rows of the feeds."""
    rows = 0
    for file in (file for feed in feeds for file in feed.glob("*.csv")):
        with file.open("rb") as lines:
            rows += sum(1 for _ in lines) - 1
    return rows
