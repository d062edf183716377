"""Files and functions stay small enough to be read in one go; there is no list of exceptions."""

import ast
from collections.abc import Iterator, Sequence
from statistics import median, quantiles

from tests.architecture.sources import Source

LARGEST_FILE, MEDIAN_FILE, NINE_IN_TEN_FILES = 400, 90, 200
LARGEST_FUNCTION, MEDIAN_FUNCTION, NINE_IN_TEN_FUNCTIONS = 50, 9, 25


def functions(sources: Sequence[Source]) -> Iterator[tuple[str, int]]:
    """Walk the functions with their length in lines."""
    for source in sources:
        for node in source.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                yield f"{source.path}:{node.lineno} {node.name}", lines


def test_no_file_is_too_long_and_most_are_short(everything: Sequence[Source]) -> None:
    """None over 400 lines, nine in ten at most 200, half of them at most 90.

    Files that hold but a docstring do not count: they would make the others look shorter.
    """
    lengths = {source.path: len(source.lines) for source in everything if len(source.lines) > 1}
    assert {path: n for path, n in lengths.items() if n > LARGEST_FILE} == {}
    assert quantiles(lengths.values(), n=10)[-1] <= NINE_IN_TEN_FILES
    assert median(lengths.values()) <= MEDIAN_FILE


def test_no_function_is_too_long_and_most_are_short(everything: Sequence[Source]) -> None:
    """None over 50 lines, nine in ten at most 25, half of them at most 9."""
    lengths = dict(functions(everything))
    assert {name: n for name, n in lengths.items() if n > LARGEST_FUNCTION} == {}
    assert quantiles(lengths.values(), n=10)[-1] <= NINE_IN_TEN_FUNCTIONS
    assert median(lengths.values()) <= MEDIAN_FUNCTION
