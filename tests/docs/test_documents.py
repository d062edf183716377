"""What a document names exists: links, files, commands, targets, settings."""

import re
from collections.abc import Sequence

from backend.cli.main import COMMANDS
from backend.kernel.settings import describe_settings
from tests.docs.conftest import PROJECT, Document, folders

PATH = re.compile(r"\.?[\w-]+(?:/[\w.-]+)*/?(?:\.\w+)?")
MODULE = re.compile(r"[a-z_]+\.(?:py|md|sql|csv)")
TARGET = re.compile(r"\bmake ([a-z-]+)")
COMMAND = re.compile(r"\bnovads ([a-z][a-z-]*)")
VARIABLE = re.compile(r"\bNOVADS_[A-Z_]+\b")
FOR_TESTS = "NOVADS_TEST_"


def test_every_link_leads_somewhere(documents: Sequence[Document]) -> None:
    broken = [
        f"{document.name}: {link}"
        for document in documents
        for link in document.links
        if not (document.path.parent / link).exists()
    ]
    assert broken == []


def test_every_path_that_is_named_exists(documents: Sequence[Document]) -> None:
    """A path begins with a folder of the project, or with one beside the document."""
    roots = {folder.name for folder in folders()}
    missing = [
        f"{document.name}: {words}"
        for document in documents
        for words in document.quoted
        if "/" in words and PATH.fullmatch(words)
        if words.split("/")[0] in roots | {path.name for path in document.path.parent.iterdir()}
        if not (PROJECT / words).exists() and not (document.path.parent / words).exists()
    ]
    assert missing == []


def test_every_file_that_is_named_without_its_folder_is_somewhere(
    documents: Sequence[Document],
) -> None:
    known = {path.name for folder in folders() for path in folder.rglob("*.*")}
    missing = [
        f"{document.name}: {words}"
        for document in documents
        for words in document.quoted
        if MODULE.fullmatch(words)
        if words not in known and not (PROJECT / words).exists()
    ]
    assert missing == []


def test_every_target_of_make_exists(documents: Sequence[Document]) -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {(d.name, target) for d in documents for target in _found(TARGET, d)}
    assert {(name, target) for name, target in named if target not in targets} == set()
    assert {target for _, target in named} >= {"demo", "test", "check", "setup"}


def test_every_command_exists(documents: Sequence[Document]) -> None:
    named = {(d.name, command) for d in documents for command in _found(COMMAND, d)}
    assert {(name, command) for name, command in named if command not in COMMANDS} == set()


def test_every_setting_exists(documents: Sequence[Document]) -> None:
    known = {row.name for row in describe_settings()}
    strangers = {
        (document.name, variable)
        for document in documents
        for variable in VARIABLE.findall(document.text)
        if variable not in known and not variable.startswith(FOR_TESTS)
    }
    assert strangers == set()


def _found(pattern: re.Pattern[str], document: Document) -> list[str]:
    """Look only where commands stand: in backticks and code blocks."""
    shown = re.findall(r"```.*?```|`[^`\n]+`", document.text, re.DOTALL)
    return [name for piece in shown for name in pattern.findall(piece)]
