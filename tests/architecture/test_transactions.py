"""Transactions belong to the kernel: who opens one ends it, and use cases never do."""

import ast
from collections.abc import Iterator, Sequence

from tests.architecture.sources import Source

PLATFORM = ("backend/kernel/", "backend/migrations/")
ENDING = {"commit", "rollback"}


def calls(source: Source, names: set[str]) -> Iterator[ast.Call]:
    """Walk the calls of methods with these names on sessions and connections."""
    for node in source.nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)) if (
                name in names and owner.endswith(("session", "connection", "transaction"))
            ):
                yield node
            case _:
                pass


def has_reason(source: Source, line: int) -> bool:
    """Tell whether a comment stands in or above a line."""
    return "  # " in source.lines[line - 1] or source.lines[line - 2].lstrip().startswith("# ")


def test_only_the_platform_ends_transactions(product: Sequence[Source]) -> None:
    """No commit and no rollback elsewhere."""
    found = [
        f"{source.path}:{call.lineno}"
        for source in product
        if not source.path.startswith(PLATFORM)
        for call in calls(source, ENDING)
    ]
    assert found == []


def test_a_flush_gives_its_reason(product: Sequence[Source]) -> None:
    """Writing before the commit is rarely needed; a comment says why here."""
    found = [
        f"{source.path}:{call.lineno}"
        for source in product
        if not source.path.startswith(PLATFORM)
        for call in calls(source, {"flush"})
        if not has_reason(source, call.lineno)
    ]
    assert found == []
