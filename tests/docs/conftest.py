"""The project's documents, as the tests of them read them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
NOT_OURS = {"node_modules", "var"}
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Document:
    """One Markdown file."""

    path: Path
    text: str

    @property
    def name(self) -> str:
        """Name it from the project's root."""
        return str(self.path.relative_to(PROJECT))

    @property
    def quoted(self) -> list[str]:
        """List what stands in backticks within its prose and tables."""
        return CODE.findall(FENCE.sub("", self.text))

    @property
    def links(self) -> list[str]:
        """List the targets of its links within the project."""
        targets: list[str] = re.findall(r"\]\(([^)#]+)[^)]*\)", self.text)
        return [target for target in targets if "://" not in target]


def folders() -> list[Path]:
    """List the project's own folders."""
    return [
        path
        for path in sorted(PROJECT.iterdir())
        if path.is_dir() and not path.name.startswith(".") and path.name not in NOT_OURS
    ]


def _paths() -> Iterator[Path]:
    yield from sorted(PROJECT.glob("*.md"))
    for folder in folders():
        yield from sorted(path for path in folder.rglob("*.md") if "assets" not in path.parts)


@pytest.fixture(scope="session")
def documents() -> Sequence[Document]:
    """Give every document that we wrote."""
    return [Document(path, path.read_text(encoding="utf-8")) for path in _paths()]


@pytest.fixture(scope="session")
def readme(documents: Sequence[Document]) -> Document:
    """Give the project's README."""
    return next(document for document in documents if document.name == "README.md")


@pytest.fixture(scope="session")
def decisions(documents: Sequence[Document]) -> Sequence[Document]:
    """Give the decisions in the order of their numbers, without their index."""
    folder = PROJECT / "backend" / "decisions"
    return [d for d in documents if d.path.parent == folder and d.path.name != "README.md"]
