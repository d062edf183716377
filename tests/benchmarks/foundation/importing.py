"""How fast a registry feed is imported: generated for a whole municipality, into empty tables."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import asyncpg

from backend.kernel.clock import civil_day
from backend.kernel.territories.register import ZONE
from groups.public import ImportSummary, Sinks, generate_feed, import_feed
from notifications.public import RegistryPreferences
from tests.benchmarks.foundation.ground import CODE, RESIDENTS, SEED, Ground
from tests.benchmarks.harness.figures import Figure, Peer, at_most
from tests.benchmarks.harness.meters import OWN, Meter

MOST_SECONDS = 20
"""Promised for 20,000 residents."""
POSTGRES = "postgres"


async def measure_import(ground: Ground) -> list[Figure]:
    """Import a feed of 20,000 residents, then import it again, which changes nothing."""
    ground.say(f"generating a feed of {RESIDENTS:,} residents")
    feed = ground.place.directory / "feed"
    generate_feed(CODE, RESIDENTS, SEED, feed, today=civil_day(ground.clock(), ZONE))
    ground.say("importing it")
    first, meter = await _imported(ground, feed)
    if first.rejected or first.refused:
        raise RuntimeError(f"{first.rejected} rows of a faultless feed were rejected")
    ground.say("importing it again")
    again, repeat = await _imported(ground, feed)
    if again.written:
        raise RuntimeError(f"the same feed changed {again.written} rows")
    ground.say("copying its rows without looking at them")
    limit = await _copied(ground, sorted(feed.glob("*.csv")))
    return [
        Figure("import of 20,000 residents", meter.wall_seconds, "s", at_most(MOST_SECONDS)),
        Figure("import, rows", first.read / meter.wall_seconds, "rows/s", peers=(limit,)),
        Figure("import, processor time of the importer", meter.cpu(OWN), "CPU-s"),
        Figure("import, processor time of PostgreSQL", meter.cpu(POSTGRES), "CPU-s"),
        Figure("import of the same feed again", repeat.wall_seconds, "s", at_most(MOST_SECONDS)),
    ]


async def _imported(ground: Ground, feed: Path) -> tuple[ImportSummary, Meter]:
    with Meter(postgres=ground.place.postgres.pid) as meter:
        summary = await import_feed(
            ground.database,
            feed,
            vault=ground.vault,
            clock=ground.clock,
            sinks=Sinks(preferences=RegistryPreferences(ground.clock)),
            report_path=ground.place.directory / "import.csv",
        )
    return summary, meter


async def _copied(ground: Ground, files: Sequence[Path]) -> Peer:
    """COPY the same rows as text into bare tables: no check, no encryption, no index."""
    connection = await asyncpg.connect(ground.place.postgres.owner_url)
    rows = 0
    try:
        with Meter() as meter:
            async with connection.transaction():
                for file in files:
                    rows += await _copy(connection, file)
    finally:
        await connection.close()
    return Peer("COPY into bare tables, unchecked (limit)", rows / meter.wall_seconds, "rows/s")


async def _copy(connection: asyncpg.Connection, file: Path) -> int:
    table = f"bare_{file.stem}"
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.reader(lines)
        columns = next(reader)
        typed = ", ".join(f"{column} text" for column in columns)
        await connection.execute(f"CREATE TABLE {table} ({typed})")
        copied = await connection.copy_records_to_table(table, records=_rows(reader))
    return int(copied.split()[-1])


def _rows(reader: Iterator[list[str]]) -> Iterator[tuple[str, ...]]:
    return map(tuple, reader)
