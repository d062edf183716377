"""The recorded examples are what the application answers, and none of its groups' operations lacks one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from backend.app.routes import Surface
from tests.contract.examples.recording import Book

FOLDER = Path(__file__).parents[3] / "mobile-contract" / "examples"
SHOWN = (
    "/staff/v1/queryables",
    "/staff/v1/groups",
    "/staff/v1/audiences",
    "/staff/v1/registry-",
    "/ingest/v1/registry",
    "/mobile/v1/groups",
    "/mobile/v1/disclosures",
)


async def test_every_example_is_what_the_application_answers(
    book: Book, pytestconfig: pytest.Config
) -> None:
    files = book.files()
    if pytestconfig.getoption("record", default=False):
        _write(files)
    known = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    assert sorted(known) == sorted(files), "write them anew: --record"
    assert [name for name in files if known[name] != files[name]] == [], "write them anew: --record"


def test_every_operation_on_groups_and_feeds_has_an_example(
    specifications: Mapping[Surface, dict[str, Any]],
) -> None:
    operations = {
        operation["operationId"]
        for whole in specifications.values()
        for path, methods in whole["paths"].items()
        for operation in methods.values()
        if path.startswith(SHOWN) or path.endswith("/why")
    }
    assert len(operations) > 30
    assert {name for name in operations if not (FOLDER / f"{name}.json").is_file()} == set()


def _write(files: Mapping[str, bytes]) -> None:
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.iterdir():
        path.unlink()
    for name, content in files.items():
        (FOLDER / name).write_bytes(content)
