"""Decisions: one form, numbered, listed."""

import re
from collections.abc import Sequence

from tests.docs.conftest import Document

SECTIONS = ["Context", "Decision", "Price", "Enforced by"]
SHORTEST, LONGEST = 20, 45


def test_every_decision_has_the_form_and_is_short(decisions: Sequence[Document]) -> None:
    assert decisions
    for decision in decisions:
        assert re.findall(r"^## (.*)$", decision.text, re.MULTILINE) == SECTIONS, decision.name
        assert SHORTEST <= len(decision.text.splitlines()) <= LONGEST, decision.name


def test_decisions_are_numbered_without_gaps(decisions: Sequence[Document]) -> None:
    for number, decision in enumerate(decisions, start=1):
        assert decision.path.name.startswith(f"{number:04}-"), decision.name
        assert decision.text.startswith(f"# {number}. "), decision.name


def test_the_index_lists_every_decision_by_its_title(
    decisions: Sequence[Document], documents: Sequence[Document]
) -> None:
    (index,) = [d for d in documents if d.name == "backend/decisions/README.md"]
    listed = re.findall(r"^\| (\d+) \| \[(.*)\]\((.*)\)", index.text, re.MULTILINE)
    titles = [decision.text.splitlines()[0].removeprefix("# ") for decision in decisions]
    assert [f"{number}. {title}" for number, title, _ in listed] == titles
    assert [link for _, _, link in listed] == [decision.path.name for decision in decisions]
