"""Wall time, and processor time of ourselves and of other processes with their children."""

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

PROCESSES = Path("/proc")
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
OWN = "own"
CHILDREN = "children"


def processor_seconds(pid: int) -> float:
    """Give user and system time of a process and all its descendants, those that ended included.

    A parent inherits the times of children it has waited for, so nothing gets lost in between.
    """
    times, children = _table()
    return sum(times.get(each, 0.0) for each in _family(pid, children))


def descendants(pid: int) -> list[int]:
    """Name a process and all its descendants."""
    return _family(pid, _table()[1])


def _family(pid: int, children: Mapping[int, Sequence[int]]) -> list[int]:
    family = [pid]
    for each in family:
        family.extend(children.get(each, ()))
    return family


def _table() -> tuple[dict[int, float], dict[int, list[int]]]:
    """Read every process: its times with those of its ended children, and who its children are."""
    times: dict[int, float] = {}
    children: dict[int, list[int]] = {}
    for entry in PROCESSES.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            # After the name in brackets, which may hold anything: state, parent, ... Source: proc(5).
            fields = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        pid, parent = int(entry.name), int(fields[1])
        times[pid] = sum(map(int, fields[11:15])) / TICKS_PER_SECOND
        children.setdefault(parent, []).append(pid)
    return times, children


@dataclass(frozen=True, slots=True)
class Reading:
    """The clocks at one moment."""

    wall: float
    processor: Mapping[str, float]


class Meter:
    """Measures a block: wall seconds, and processor seconds by the names given to processes.

    `own` is this process with its threads, `children` are those it has waited for. The others
    are read in ticks of a hundredth of a second; give them work enough.
    """

    def __init__(self, **processes: int) -> None:
        """Measure us and the processes, each with all its descendants."""
        self._processes = processes
        self._began = self._ended = Reading(0.0, {})

    def __enter__(self) -> Self:
        """Begin; the processor times are read before the clock starts."""
        processor = self._processor()
        self._began = Reading(time.perf_counter(), processor)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End; the processor times are read after the clock has stopped."""
        wall = time.perf_counter()
        self._ended = Reading(wall, self._processor())

    @property
    def wall_seconds(self) -> float:
        """How long the block took."""
        return self._ended.wall - self._began.wall

    def cpu(self, *names: str) -> float:
        """Processor seconds that the named processes spent together."""
        return sum(self._ended.processor[name] - self._began.processor[name] for name in names)

    def _processor(self) -> Mapping[str, float]:
        ours = os.times()
        others = {name: processor_seconds(pid) for name, pid in self._processes.items()}
        return {
            OWN: time.process_time(),
            CHILDREN: ours.children_user + ours.children_system,
            **others,
        }
