"""`novads serve --all`: everything up, and everything down."""

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from backend.kernel.embedded.leftovers import server_processes

PARTS = ["groups-engine", "serve", "simulators", "worker", "worker", "worker"]

Novads = Any
Answered = Callable[[str], int]


def family_of(pid: int) -> set[int]:
    """List the living descendants of a process."""
    family: set[int] = set()
    waiting = [pid]
    while waiting:
        found = children_of(waiting.pop())
        waiting += found - family
        family |= found
    return family


def children_of(pid: int) -> set[int]:
    """List the direct children of a process, whichever of its threads started them."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return {int(child) for task in tasks for child in (task / "children").read_text().split()}
    except OSError:
        return set()


def runs(pid: int) -> bool:
    """Tell whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for a condition, at most 60 seconds."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it did not happen within a minute"
        time.sleep(0.05)


def commands_of(family: set[int]) -> list[str]:
    """Name the `novads` commands in a family."""
    lines = [Path(f"/proc/{pid}/cmdline") for pid in family if runs(pid)]
    words = [line.read_bytes().split(b"\0") for line in lines]
    return sorted(each[3].decode() for each in words if b"backend.cli" in each[:4])


def is_complete(pid: int) -> bool:
    """Tell whether all parts run."""
    return commands_of(family_of(pid)) == PARTS


def test_all_parts_come_up_and_ctrl_c_ends_them_in_time(
    novads: Novads, free_ports: dict[str, str], answered: Answered
) -> None:
    serving = novads.start("serve", "--all", **free_ports)
    assert answered(f"http://127.0.0.1:{free_ports['port']}/health/ready") == 200
    wait_until(lambda: is_complete(serving.pid))
    doctor = novads.run("doctor", **free_ports)
    assert doctor.returncode == 0, doctor.stdout
    assert "0 degraded, 0 failed" in doctor.stdout
    family = family_of(serving.pid)
    serving.send_signal(signal.SIGINT)
    assert serving.wait(timeout=10) == 0
    assert not any(runs(pid) for pid in family)


def test_what_is_killed_comes_back_and_nothing_outlives_the_supervisor(
    novads: Novads, free_ports: dict[str, str], answered: Answered
) -> None:
    ready = f"http://127.0.0.1:{free_ports['port']}/health/ready"
    serving = novads.start("serve", "--all", log_format="json", **free_ports)
    assert answered(ready) == 200
    wait_until(lambda: is_complete(serving.pid))
    cluster = novads.directory / "postgres" / "cluster"
    postmaster = int((cluster / "postmaster.pid").read_text().split()[0])
    before = family_of(serving.pid)
    os.kill(postmaster, signal.SIGKILL)
    os.kill(next(pid for pid in before if "worker" in commands_of({pid})), signal.SIGKILL)
    wait_until(lambda: is_complete(serving.pid))
    wait_until(lambda: answered(ready) == 200)
    family = family_of(serving.pid)
    serving.kill()
    _, errors = serving.communicate()
    events = [json.loads(line)["event"] for line in errors.splitlines() if line.startswith("{")]
    assert {"database_revived", "child_restarts"} <= set(events)
    wait_until(lambda: not any(runs(pid) for pid in family))
    assert server_processes(cluster) == []
