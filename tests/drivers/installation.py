"""The product as an operator has it: a directory, settings, and processes of its own commands."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.drivers.ports import free_ports
from tests.drivers.processes import processes_of
from tests.drivers.waiting import until_true

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "backend.cli")
ALWAYS = {
    "quiet_hours": "00:00-00:00",  # the tests run at any time of day
    "log_format": "json",
}


@dataclass(frozen=True)
class Started:
    """A command that keeps running."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def output(self) -> str:
        """What it has written so far."""
        return self.log.read_text(errors="replace")

    def kill(self) -> None:
        """Kill it without warning, and see that it is gone."""
        self.process.kill()
        self.process.wait()


@dataclass(frozen=True)
class Installation:
    """Runs `novads` in a state directory; settings are named as their variables without prefix."""

    directory: Path
    settings: dict[str, str] = field(default_factory=dict)
    ports: Mapping[str, int] = field(default_factory=free_ports)
    started: list[Started] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Address the API."""
        return f"http://127.0.0.1:{self.ports['port']}"

    def control_url(self, simulator: str) -> str:
        """Address the control API of a simulator."""
        port = "smtp_control" if simulator == "smtp" else simulator
        return f"http://127.0.0.1:{self.ports[f'simulator_{port}_port']}"

    def environ(self) -> dict[str, str]:
        """Compose the environment: what a process needs, and none of the operator's settings."""
        outer = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}  # noqa: TID251 - handed on
        ports = {name: str(port) for name, port in self.ports.items()}
        given = {**ALWAYS, **ports, **self.settings}
        named = {f"NOVADS_{name.upper()}": value for name, value in given.items()}
        return {**outer, "PYTHONUNBUFFERED": "1", "NOVADS_VAR": str(self.directory), **named}

    def start(self, *arguments: str) -> Started:
        """Start a command that keeps running; what it writes goes to a log in the directory."""
        path = self.directory / f"{len(self.started)}-{arguments[0]}.log"
        with path.open("wb") as log:
            process = subprocess.Popen(
                [*COMMAND, *arguments],
                cwd=ROOT,
                env=self.environ(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.started.append(Started(process, path))
        return self.started[-1]

    async def run(self, *arguments: str) -> str:
        """Run a command to its end, which must be a good one, and give what it printed."""
        process = await asyncio.create_subprocess_exec(
            *COMMAND,
            *arguments,
            cwd=ROOT,
            env=self.environ(),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        assert process.returncode == 0, output.decode()
        return output.decode()

    def check(self) -> None:
        """Hold that nothing has ended but what was killed on purpose."""
        for started in self.started:
            status = started.process.poll()
            assert status in {None, -signal.SIGKILL}, (
                f"{started.log.name}: {started.output[-2000:]}"
            )

    def running(self) -> dict[int, str]:
        """Name the processes of this installation that live, whoever started them."""
        return processes_of(self.directory)

    def end(self) -> None:
        """End everything that still runs, and show the logs (pytest prints them on a failure)."""
        for started in self.started:
            started.kill()
        for pid in self.running():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        until_true(lambda: not self.running(), "all processes end")
        for started in self.started:
            print(f"--- {started.log.name}\n{started.output[-40000:]}")  # noqa: T201 - shown when a test fails
