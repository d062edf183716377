"""Which benchmarks there are: every folder beside the harness that holds a `benchmark.py`."""

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path

from tests.benchmarks.harness.figures import Figure

Say = Callable[[str], None]
"""Tells whoever watches what is being measured."""

Benchmark = Callable[[Say], Sequence[Figure]]
"""Measures, and gives the figures in the order in which they are shown."""

FOLDER = Path(__file__).parents[1]
PACKAGE = "tests.benchmarks"


def benchmarks() -> Mapping[str, Benchmark]:
    """Give every benchmark by name; a benchmark's modules are read when it runs."""
    names = sorted(path.parent.name for path in FOLDER.glob("*/benchmark.py"))
    return {name: _named(name) for name in names}


def _named(name: str) -> Benchmark:
    def run(say: Say) -> Sequence[Figure]:
        measure: Benchmark = import_module(f"{PACKAGE}.{name}.benchmark").measure
        return measure(say)

    return run
