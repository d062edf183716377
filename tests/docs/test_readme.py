"""READMEs: short, and true of the commands. The settings in it are held by the tests of settings."""

import re
from collections.abc import Sequence

import pytest

from backend.cli.main import COMMANDS
from tests.docs.conftest import PROJECT, Document

LONGEST = 80
"""Lines before the lists that are folded away: what a newcomer reads."""


def test_a_newcomer_reads_a_page(readme: Document) -> None:
    shown, fold, _ = readme.text.partition("<details>")
    assert fold
    assert len(shown.splitlines()) <= LONGEST


def test_the_readme_lists_the_commands_that_help_lists(readme: Document) -> None:
    rows = [line.split("`")[1] for line in readme.text.splitlines() if line.startswith("| `novads")]
    listed = [f"novads {name}" for name, entry in COMMANDS.items() if not entry.is_hidden]
    assert rows == listed


@pytest.mark.parametrize("package", ["backend", "groups", "notifications", "tests"])
def test_a_packages_readme_names_all_its_folders(
    package: str, documents: Sequence[Document]
) -> None:
    (document,) = [d for d in documents if d.name == f"{package}/README.md"]
    named = {words.rstrip("/") for words in document.quoted}
    named |= set(re.findall(r"\[([\w-]+)\]\(", document.text))
    files = [path for path in (PROJECT / package).rglob("*.*") if path.suffix != ".pyc"]
    below = {path.relative_to(PROJECT / package).parts[0] for path in files if path.is_file()}
    assert {name for name in below if (PROJECT / package / name).is_dir()} - named == set()
