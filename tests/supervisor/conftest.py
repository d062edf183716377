"""Children that tell what happens to them, and ways to wait for it."""

import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from pathlib import Path

import pytest

from backend.supervisor.children import BackOff, ChildPlan
from backend.supervisor.supervisor import Supervisor

QUICK = BackOff(first_seconds=0.05, most_seconds=0.2, steady_seconds=60.0)
OBEDIENT = """
import signal, sys
path, name = sys.argv[1:]
def note(word):
    with open(path, "a") as file:
        file.write(f"{name} {word}\\n")
def leave(*_):
    note("stopped")
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
note("started")
while True:
    signal.pause()
"""
STUBBORN = OBEDIENT.replace("sys.exit(0)", "pass")


@pytest.fixture
def diary(tmp_path: Path) -> Path:
    """Give the file that children write their events into."""
    return tmp_path / "diary"


@pytest.fixture
def events(diary: Path) -> Callable[[], list[str]]:
    """Give a function that reads the children's events."""
    return lambda: diary.read_text().splitlines() if diary.exists() else []


@pytest.fixture
def obedient(diary: Path) -> Callable[..., ChildPlan]:
    """Give a maker of children that stop when asked."""

    def plan(name: str = "child", *, stops_last: bool = False) -> ChildPlan:
        command = (sys.executable, "-c", OBEDIENT, str(diary), name)
        return ChildPlan(name, command, {}, stops_last=stops_last)

    return plan


@pytest.fixture
def stubborn(diary: Path) -> ChildPlan:
    """Give a child that does not stop when asked."""
    return ChildPlan("stubborn", (sys.executable, "-c", STUBBORN, str(diary), "stubborn"), {})


@pytest.fixture
def failing(diary: Path) -> ChildPlan:
    """Give a child that fails at once, every time."""
    note = f"open({str(diary)!r}, 'a').write('failed\\n'); raise SystemExit(3)"
    return ChildPlan("failing", (sys.executable, "-c", note), {})


@pytest.fixture
async def supervisor() -> AsyncGenerator[Supervisor]:
    """Give a supervisor that restarts quickly; stopped at the end."""
    supervisor = Supervisor(back_off=QUICK)
    yield supervisor
    await supervisor.stop()


@pytest.fixture
def soon() -> Callable[[Callable[[], bool]], Awaitable[None]]:
    """Give a function that waits until a condition holds, at most 15 seconds."""

    async def wait(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 15
        while not condition():
            assert time.monotonic() < deadline, "it did not happen within 15 seconds"
            await asyncio.sleep(0.02)

    return wait


@pytest.fixture
def state_directory() -> Generator[Path]:
    """Give a directory that every account may enter."""
    directory = Path(tempfile.mkdtemp(prefix="novads-supervisor-"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory)
