"""A benchmark's report: the JSON file and the printed table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click
import msgspec

from tests.benchmarks.harness.figures import Figure
from tests.benchmarks.harness.machine import Machine
from tests.benchmarks.harness.revision import Commit

VERDICTS = {None: "", True: "holds", False: "BROKEN"}
SIGNIFICANT_DIGITS = 3


class Report(msgspec.Struct, frozen=True, rename="camel"):
    """One run of one benchmark."""

    benchmark: str
    machine: Machine
    commit: Commit
    started: datetime
    finished: datetime
    figures: Sequence[Figure]

    @property
    def is_kept(self) -> bool:
        """Whether no promise is broken."""
        return all(figure.holds is not False for figure in self.figures)


def write_report(report: Report, directory: Path) -> Path:
    """Write the report as `NAME.json` and give its path; it appears whole or not at all."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{report.benchmark}.json"
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n")
    unfinished.replace(path)
    return path


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    name: str
    value: float
    unit: str
    promise: str = ""
    verdict: str = ""


def print_table(figures: Sequence[Figure]) -> None:
    """Print each figure with its promise, and its peers below it."""
    lines = [line for figure in figures for line in _lines(figure)]
    width = max((len(line.name) for line in lines), default=0)
    for line in lines:
        shown = f"{line.name:<{width}} {number(line.value):>12} {line.unit:<24}"
        click.echo(f"{shown} {line.promise:<20} {line.verdict}".rstrip())


def _lines(figure: Figure) -> list[Line]:
    promise = figure.promise.words if figure.promise else ""
    own = Line(figure.figure, figure.value, figure.unit, promise, VERDICTS[figure.holds])
    return [own, *(Line(f"  | {peer.name}", peer.value, peer.unit) for peer in figure.peers)]


def number(value: float) -> str:
    """Write a figure as people read it: three digits that mean something, thousands apart."""
    if abs(value) >= 10**SIGNIFICANT_DIGITS:
        return f"{value:,.0f}"
    return f"{value:.{SIGNIFICANT_DIGITS}g}"
