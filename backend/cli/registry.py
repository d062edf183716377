"""`novads registry import` and `novads registry generate`."""

import asyncio
import sys
from pathlib import Path

import click

from backend.cli.startup import environment, read_settings, settings_with_database
from backend.kernel.clock import civil_day, system_clock
from backend.kernel.db import open_database
from backend.kernel.settings import Settings
from backend.kernel.territories.register import ZONE
from groups.public import ImportSummary, Sinks, generate_feed, import_feed
from notifications.public import RegistryPreferences

COLUMNS = ("read", "landed", "rejected", "added", "changed", "closed")


@click.group("registry")
def command() -> None:
    """Import resident registries; generate synthetic ones."""


@command.command("import", epilog="Example: novads registry import var/feed")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="CSV of bad rows.")
def import_directory(directory: Path, report: Path | None) -> None:
    """Take a full snapshot of one municipality's registry from the CSV files of DIRECTORY.

    Good rows land; each bad row is reported with file, line, column and reason. A repeated
    import changes nothing; who is missing from the snapshot is closed, not deleted.
    """
    with settings_with_database() as settings:
        path = report or settings.deployment.state_directory / "reports" / "registry-import.csv"
        summary = asyncio.run(_import(settings, directory, path))
    _print_summary(summary)
    sys.exit(1 if summary.refused else 0)


@command.command(
    "generate",
    epilog="Example: novads registry generate --municipality LV0044000 --residents 20000 "
    "--seed 1 --out var/feed",
)
@click.option("--municipality", required=True, help="Territory code, such as LV0044000.")
@click.option("--residents", type=click.IntRange(1), default=20_000, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="Same seed, same people.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True)
def generate(municipality: str, residents: int, seed: int, out: Path) -> None:
    """Write a realistic synthetic feed: names, addresses, ages, households, contact points."""
    read_settings(environment())
    today = civil_day(system_clock(), ZONE)
    feed = generate_feed(municipality, residents, seed, out, today=today)
    for file, rows in feed.rows.items():
        click.echo(f"{rows:>9,}  {feed.directory / file}")


async def _import(settings: Settings, directory: Path, report: Path) -> ImportSummary:
    database = open_database(settings.database.url or "", pool_size=settings.database.pool)
    try:
        return await import_feed(
            database,
            directory,
            vault=settings.vault(),
            clock=system_clock,
            sinks=Sinks(preferences=RegistryPreferences(system_clock)),
            report_path=report,
        )
    finally:
        await database.close()


def _print_summary(summary: ImportSummary) -> None:
    click.echo(f"{'file':<24}" + "".join(f"{column:>10}" for column in COLUMNS))
    for file, counts in summary.files.items():
        figures = counts.figures()
        click.echo(f"{file:<24}" + "".join(f"{figures[column]:>10,}" for column in COLUMNS))
    for file in summary.refused:
        click.echo(f"{file}: refused as a whole")
    for code, count in sorted(summary.faults.items()):
        click.echo(f"{count:>9,}  {code}")
    rate = summary.read / summary.seconds if summary.seconds else 0.0
    click.echo(f"{summary.read:,} rows in {summary.seconds:.1f} s ({rate:,.0f} rows/s)")
    if summary.rejected or summary.refused:
        click.echo(f"Bad rows: {summary.report_path}")
