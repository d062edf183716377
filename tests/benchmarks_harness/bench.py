"""Benchmarks that find what they are told to, run by the harness into a directory."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.benchmarks.harness.catalogue import Benchmark, Say
from tests.benchmarks.harness.figures import Figure
from tests.benchmarks.harness.run import run

NewFigure = Callable[..., Figure]
"""Writes a figure; the value may be left out."""
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass
class Bench:
    """The command, with benchmarks that find what they are told to."""

    directory: Path
    known: dict[str, Benchmark] = field(default_factory=dict)

    def finds(self, name: str, *figures: Figure) -> None:
        """Make a benchmark that finds these figures."""

        def benchmark(say: Say) -> Sequence[Figure]:
            say("measuring")
            return figures

        self.known[name] = benchmark

    def fails(self, name: str) -> None:
        """Make a benchmark that cannot be measured."""

        def benchmark(_: Say) -> Sequence[Figure]:
            raise RuntimeError("the database is away")

        self.known[name] = benchmark

    def run(self, *names: str) -> int:
        """Run benchmarks and give the exit status."""
        return run(names, self.known, self.directory, lambda: NOON)

    def report(self, name: str) -> dict[str, Any]:
        """Read what was written."""
        found: dict[str, Any] = json.loads((self.directory / f"{name}.json").read_bytes())
        return found

    def written(self) -> set[str]:
        """Name the files that were written."""
        return {path.name for path in self.directory.glob("*")}
