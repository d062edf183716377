"""What an earlier server left behind: dying processes, its pid file and socket locks."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from backend.kernel.embedded.layout import SOCKET_NAME, Layout

PROCESSES = Path("/proc")
PATIENCE_SECONDS = 10.0
POLL_SECONDS = 0.02


def clear_leftovers(layout: Layout, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
    """End every server process of this data directory, then remove pid file and socket locks.

    Call it only with the lock held. A postmaster is asked for a fast shutdown, processes that
    lost their postmaster for an immediate one; who is still there after the patience is killed,
    which loses nothing committed. Zombies hold nothing and are not waited for.
    """
    deadline = time.monotonic() + patience_seconds
    signalled: set[int] = set()
    while remaining := server_processes(layout.cluster):
        _ask_to_stop(layout.cluster, [pid for pid in remaining if pid not in signalled])
        signalled.update(remaining)
        if time.monotonic() > deadline:
            _send(remaining, signal.SIGKILL)
        time.sleep(POLL_SECONDS)
    (layout.cluster / "postmaster.pid").unlink(missing_ok=True)
    for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
        (layout.sockets / name).unlink(missing_ok=True)


def server_processes(cluster: Path) -> list[int]:
    """List the living PostgreSQL processes that work in this data directory."""
    if not PROCESSES.exists():
        return []
    numbers = (entry.name for entry in PROCESSES.iterdir() if entry.name.isdigit())
    return [int(number) for number in numbers if _serves(int(number), cluster)]


def _serves(pid: int, cluster: Path) -> bool:
    """Judge by working directory and program, never by a number in a file: numbers are reused."""
    entry = PROCESSES / str(pid)
    try:
        return (entry / "cwd").readlink() == cluster and (entry / "exe").readlink().name.startswith(
            "postgres"
        )
    except OSError:
        return False  # gone, a zombie, or another user's


def _ask_to_stop(cluster: Path, processes: list[int]) -> None:
    postmaster = _recorded_postmaster(cluster)
    if postmaster in processes:
        _send([postmaster], signal.SIGINT)
    else:
        _send(processes, signal.SIGQUIT)


def _recorded_postmaster(cluster: Path) -> int | None:
    with suppress(OSError, ValueError, IndexError):
        return int((cluster / "postmaster.pid").read_text().splitlines()[0])
    return None


def _send(processes: list[int], kind: signal.Signals) -> None:
    for pid in processes:
        with suppress(ProcessLookupError):
            os.kill(pid, kind)
