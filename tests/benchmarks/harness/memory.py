"""The most memory that a process or one of its descendants has had."""

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.benchmarks.harness.meters import descendants

EVERY_SECONDS = 0.5


class PeakMemory:
    """Watches a process for the time of a block; what ends between two looks counts as last seen."""

    def __init__(self, pid: int) -> None:
        """Watch a process with all its descendants."""
        self._pid = pid
        self._over = threading.Event()
        self._peaks: dict[int, int] = {}
        self._watching = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        self._watching.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End."""
        self._over.set()
        self._watching.join()

    @property
    def megabytes(self) -> float:
        """The most that any one of the processes had resident, in MB (10^6 bytes)."""
        return max(self._peaks.values(), default=0) * 1024 / 1e6

    def _watch(self) -> None:
        while not self._over.wait(EVERY_SECONDS):
            for pid in descendants(self._pid):
                peak = most_resident(pid)
                if peak:
                    self._peaks[pid] = peak


def most_resident(pid: int) -> int:
    """Read the most that a process has had resident, in KiB; 0: it has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)
