"""Which state of the project was measured."""

import subprocess
from pathlib import Path

from msgspec import Struct


class Commit(Struct, frozen=True, rename="camel"):
    """The commit checked out, and whether files differ from it; None where there is no git."""

    revision: str | None
    dirty: bool | None


def commit_of(directory: Path) -> Commit:
    """Ask git."""
    revision = _git(directory, "rev-parse", "HEAD")
    changes = _git(directory, "status", "--porcelain")
    return Commit(revision, None if changes is None else bool(changes))


def _git(directory: Path, *arguments: str) -> str | None:
    try:
        found = subprocess.run(
            ["git", *arguments],  # noqa: S607 - the git that the developer uses
            cwd=directory,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return found.stdout.strip()
