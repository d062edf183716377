"""The README: short, and true of the commands. Its settings are held by the tests of settings."""

from backend.cli.main import COMMANDS
from tests.docs.conftest import Document

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
