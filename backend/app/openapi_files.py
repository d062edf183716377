"""The generated files of the contract: written by one command, and checked by the same."""

from collections.abc import Mapping
from pathlib import Path

from backend.app.openapi import rendered, specification
from backend.app.openapi_errors import error_catalogue
from backend.app.routes import Surface
from groups.public import feed_document


def contract_files() -> Mapping[str, bytes]:
    """Make every generated file of the contract, by its path in the project."""
    specifications = {surface.value: specification(surface) for surface in Surface}
    described = {f"openapi/{name}.json": rendered(one) for name, one in specifications.items()}
    catalogue = rendered(error_catalogue(specifications))
    return {
        **described,
        "mobile-contract/errors.json": catalogue,
        "openapi/registry-feed.md": feed_document().encode(),
    }


def write_contract(project: Path) -> list[str]:
    """Write the files that differ from what is there; gives their paths."""
    stale = stale_contract(project)
    files = contract_files()
    for path in stale:
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        (project / path).write_bytes(files[path])
    return stale


def stale_contract(project: Path) -> list[str]:
    """Name the generated files that are missing or say something else than the program."""
    return [
        path
        for path, content in contract_files().items()
        if not (project / path).is_file() or (project / path).read_bytes() != content
    ]
