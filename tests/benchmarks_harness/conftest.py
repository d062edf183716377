"""The command of the benchmarks, in a directory of the test's own."""

from pathlib import Path

import pytest

from tests.benchmarks.harness.figures import Figure
from tests.benchmarks_harness.bench import Bench, NewFigure


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Give the command."""
    return Bench(tmp_path / "bench")


@pytest.fixture
def figure() -> NewFigure:
    """Write a figure of no importance."""
    return lambda value=1.0, **parts: Figure("import", value, "s", **parts)
