"""The providers' simulators in another process, so that its time is not the sender's."""

import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from backend.adapters.simulators.run import Simulators
from backend.kernel.tied_child import tied_command

SCRIPT = "tests.benchmarks.surroundings.simulators_process"
PROJECT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class SimulatorProcess:
    """The running simulators and their process."""

    pid: int
    at: Simulators


@contextmanager
def simulators_apart(directory: Path) -> Generator[SimulatorProcess]:
    """Run the simulators for the time of the block; they end with us, too."""
    command = [sys.executable, "-m", SCRIPT, str(directory)]
    tied = tied_command(command, death_signal=signal.SIGTERM)
    with subprocess.Popen(tied, cwd=PROJECT, stdout=subprocess.PIPE) as process:
        try:
            if process.stdout is None:
                raise RuntimeError("the process has no output")
            yield SimulatorProcess(process.pid, _places(process.stdout.readline()))
        finally:
            process.terminate()


def _places(told: bytes) -> Simulators:
    return msgspec.json.decode(told, type=Simulators, dec_hook=lambda kind, value: kind(value))
