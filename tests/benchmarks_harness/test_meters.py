"""Processor time is counted where it was spent."""

import subprocess
import sys
import time
from collections.abc import Generator
from typing import IO

import pytest

from tests.benchmarks.harness.meters import CHILDREN, OWN, Meter

SECONDS = 0.2
CLOSE = 0.05
"""The kernel counts in hundredths, and starting an interpreter takes time, too."""
BURN = f"import time\nwhile time.process_time() < {SECONDS}: pass"
STARTER = f"""
import subprocess, sys
for line in sys.stdin:
    subprocess.run([sys.executable, "-S", "-c", {BURN!r}], check=True)
    print("burnt", flush=True)
"""


class Starter:
    """A process that lets a child of its own work, and waits for it."""

    def __init__(self, pid: int, orders: IO[str], answers: IO[str]) -> None:
        """Talk to the process."""
        self.pid, self._orders, self._answers = pid, orders, answers

    def burn(self) -> None:
        """Let a grandchild of ours spend processor time, and come back when it has ended."""
        self._orders.write("go\n")
        self._orders.flush()
        assert self._answers.readline() == "burnt\n"


@pytest.fixture
def starter() -> Generator[Starter]:
    """Start the process."""
    with subprocess.Popen(
        [sys.executable, "-S", "-c", STARTER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Starter(process.pid, process.stdin, process.stdout)
        process.stdin.close()


def test_a_process_answers_for_children_that_have_ended(starter: Starter) -> None:
    with Meter(starter=starter.pid) as meter:
        starter.burn()
    assert meter.cpu("starter") >= SECONDS - CLOSE
    assert meter.wall_seconds >= SECONDS - CLOSE
    assert meter.cpu(OWN) < SECONDS / 2
    assert meter.cpu(CHILDREN) == 0


def test_our_own_time_is_not_that_of_others(starter: Starter) -> None:
    with Meter(starter=starter.pid) as meter:
        until = time.process_time() + SECONDS
        while time.process_time() < until:
            pass
    assert meter.cpu(OWN) >= SECONDS
    assert meter.cpu("starter") < SECONDS / 2
    assert meter.cpu(OWN, "starter") == meter.cpu(OWN) + meter.cpu("starter")


def test_children_we_have_waited_for_are_counted_apart() -> None:
    with Meter() as meter:
        subprocess.run([sys.executable, "-S", "-c", BURN], check=True)
    assert meter.cpu(CHILDREN) >= SECONDS - CLOSE
    assert meter.cpu(OWN) < SECONDS / 2
