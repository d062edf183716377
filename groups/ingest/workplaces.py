"""Private directories for the time of an import; what a killed process left is removed."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

LOCK = "lock"


@contextlib.contextmanager
def workplace(parent: Path) -> Generator[Path]:
    """Make a directory that only this user may enter, and remove it whatever happens."""
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep(parent)
    place = Path(tempfile.mkdtemp(prefix="feed-", dir=parent))
    held = os.open(place / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        inner = place / "feed"
        inner.mkdir(mode=0o700)
        yield inner
    finally:
        shutil.rmtree(place, ignore_errors=True)
        os.close(held)


def sweep(parent: Path) -> None:
    """Remove directories whose process is gone: the system let go of their locks."""
    for place in parent.glob("feed-*"):
        with contextlib.suppress(OSError):
            held = os.open(place / LOCK, os.O_RDWR)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(place, ignore_errors=True)
            finally:
                os.close(held)
