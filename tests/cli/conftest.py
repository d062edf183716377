"""The `novads` command run as a process, in a directory of its own."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 60


@dataclass
class Novads:
    """Starts `novads` with settings of its own; nothing is left running at the end."""

    directory: Path
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, *arguments: str, **settings: str) -> subprocess.Popen[str]:
        """Start a command whose output is read later."""
        process = subprocess.Popen(
            [sys.executable, "-m", "backend.cli", *arguments],
            cwd=ROOT,
            env=self.environ(settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        process = self.start(*arguments, **settings)
        output, errors = process.communicate(timeout=SECONDS)
        return subprocess.CompletedProcess(process.args, process.returncode, output, errors)

    def environ(self, settings: dict[str, str]) -> dict[str, str]:
        """Compose an environment without settings of the outer one."""
        # The tests hand on what a process needs, and none of the operator's settings.
        outer = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}  # noqa: TID251 - handed on
        given = {f"NOVADS_{name.upper()}": value for name, value in settings.items()}
        return {**outer, "NOVADS_VAR": str(self.directory), **given}

    def end(self) -> None:
        """Kill what still runs."""
        for process in self.started:
            process.kill()
            process.communicate()


@pytest.fixture
def novads() -> Generator[Novads]:
    """Give the command with a state directory that every account may enter."""
    directory = Path(tempfile.mkdtemp(prefix="novads-cli-"))
    directory.chmod(0o755)
    command = Novads(directory)
    yield command
    command.end()
    shutil.rmtree(directory)


@pytest.fixture
def free_port() -> str:
    """Give a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return str(probe.getsockname()[1])


@pytest.fixture
def free_ports() -> dict[str, str]:
    """Give free ports for the API and every simulator, as settings."""
    names = ("port", *(f"simulator_{each}_port" for each in SIMULATORS))
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in names]
    ports = {name: str(probe.getsockname()[1]) for name, probe in zip(names, probes, strict=True)}
    for probe in probes:
        probe.close()
    return ports


SIMULATORS = ("fcm", "web_push", "smtp", "smtp_control", "sms")


@pytest.fixture
def answered() -> Callable[[str], int]:
    """Give a function that asks a URL until it answers, and gives the status."""

    def ask(url: str) -> int:
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own server
                    return int(answer.status)
            except urllib.error.HTTPError as error:
                return error.code
            except OSError:
                assert time.monotonic() < deadline, f"{url} does not answer"
                time.sleep(0.05)

    return ask
