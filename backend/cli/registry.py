"""`novads registry import` and `novads registry generate`."""

import sys
from pathlib import Path

import click

from backend.cli.feeds import Feed, Imported, import_feeds
from backend.cli.startup import environment, read_settings, settings_with_database
from backend.kernel.clock import civil_day, system_clock
from backend.kernel.territories.register import ZONE
from groups.public import Gates, ImportSummary, generate_feed

COLUMNS = ("read", "landed", "rejected", "added", "changed", "closed")


@click.group("registry")
def command() -> None:
    """Import resident registries; generate synthetic ones."""


@command.command("import", epilog="Example: novads registry import var/feed")
@click.argument(
    "directories",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="CSV of bad rows.")
@click.option("--accept-gates", is_flag=True, help="Let a feed in that takes much away.")
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="How many municipalities at once.",
)
def import_directories(
    directories: tuple[Path, ...], report: Path | None, *, accept_gates: bool, processes: int
) -> None:
    """Import the feeds in DIRECTORIES: full snapshots or deltas, each of one municipality.

    Good rows land; each bad row is reported with file, line, column and reason. A repeated
    import changes nothing; who is missing from a snapshot is closed, not deleted. A feed that
    would take too much away is held until it is imported with --accept-gates.
    """
    gates = Gates.ACCEPTED if accept_gates else Gates.ENFORCED
    with settings_with_database() as settings:
        place = settings.deployment.state_directory / "reports"
        feeds = [
            Feed(directory, _report(place, report, directory, len(directories)))
            for directory in directories
        ]
        done = [_told(each) for each in import_feeds(settings, feeds, gates, processes)]
    sys.exit(0 if all(done) else 1)


def _report(place: Path, chosen: Path | None, directory: Path, count: int) -> Path:
    path = chosen or place / "registry-import.csv"
    return path if count == 1 else path.with_name(f"{path.stem}-{directory.name}{path.suffix}")


def _told(imported: Imported) -> bool:
    """Print what became of a feed; tells whether it was taken as a whole."""
    summary = imported.summary
    if summary is None:
        click.echo(f"Error: {imported.feed.directory}: {imported.refusal}", err=True)
        return False
    _print_summary(summary)
    for finding in summary.findings:
        column = f" {finding.column}: {finding.empty:,} empty of" if finding.column else ":"
        before = f"{finding.present_empty:,} of " if finding.column else ""
        click.echo(
            f"{finding.gate}: {finding.file}{column} {finding.rows:,} rows,"
            f" now {before}{finding.present:,}"
        )
    if summary.is_held:
        click.echo("Held: nothing was changed. --accept-gates lets the feed in.")
    return not summary.refused and not summary.is_held


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
