"""Run benchmarks, write down what they find, and judge it."""

import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from backend.kernel.clock import Clock
from tests.benchmarks.harness.catalogue import Benchmark
from tests.benchmarks.harness.machine import this_machine
from tests.benchmarks.harness.report import Report, print_table, write_report
from tests.benchmarks.harness.revision import commit_of

PROJECT = Path(__file__).parents[3]
ALL = "all"
KEPT, BROKEN, MISUSED = 0, 1, 2


def run(names: Sequence[str], known: Mapping[str, Benchmark], directory: Path, clock: Clock) -> int:
    """Run the named benchmarks (`all`: every one); gives the exit status.

    0: every promise holds. 1: one does not, or a benchmark failed. 2: there is no such benchmark.
    """
    wanted = list(known) if ALL in names else list(names)
    strangers = [name for name in wanted if name not in known]
    if strangers or not wanted:
        unknown = f"no such benchmark: {', '.join(strangers)}; " if strangers else ""
        click.echo(f"{unknown}there are: {', '.join(known)}, {ALL}", err=True)
        return MISUSED
    kept = [_run_one(name, known[name], directory, clock) for name in wanted]
    return KEPT if all(kept) else BROKEN


def _run_one(name: str, benchmark: Benchmark, directory: Path, clock: Clock) -> bool:
    """Run one; false when a promise is broken or it failed. A failed one leaves no old report."""
    click.echo(f"{name}:")
    (directory / f"{name}.json").unlink(missing_ok=True)
    machine, commit, started = this_machine(), commit_of(PROJECT), clock()
    try:
        figures = benchmark(lambda text: click.echo(f"  {text} ..."))
    except Exception:  # noqa: BLE001 - the other benchmarks are to run all the same
        click.echo(traceback.format_exc(), err=True)
        return False
    report = Report(name, machine, commit, started, clock(), figures)
    path = write_report(report, directory)
    print_table(figures)
    click.echo(f"{path}: {'every promise holds' if report.is_kept else 'A PROMISE IS BROKEN'}")
    return report.is_kept
