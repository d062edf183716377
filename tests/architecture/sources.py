"""The project's source, as the tests of its architecture read it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]
PACKAGES = ("backend", "groups", "loyalty", "notifications")


@dataclass(frozen=True)
class Source:
    """One Python file."""

    path: str
    text: str

    @property
    def lines(self) -> list[str]:
        """Give its lines."""
        return self.text.splitlines()

    @property
    def nodes(self) -> Iterator[ast.AST]:
        """Walk its syntax."""
        return ast.walk(ast.parse(self.text))


def sources_of(*packages: str) -> list[Source]:
    """Read the files of packages."""
    return [
        Source(str(path.relative_to(PROJECT)), path.read_text(encoding="utf-8"))
        for package in packages
        for path in sorted((PROJECT / package).rglob("*.py"))
    ]
