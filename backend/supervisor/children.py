"""One supervised child: started, watched, started again with back-off, stopped."""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from backend.kernel.logs import logger
from backend.kernel.tied_child import tied_command

log = logger(__name__)


@dataclass(frozen=True, slots=True)
class BackOff:
    """How long to wait before a child is started again."""

    first_seconds: float = 0.5
    most_seconds: float = 30.0
    steady_seconds: float = 10.0  # who ran this long starts counting anew

    def delay(self, failures: int) -> float:
        """Give the wait after this many failures in a row (from 1): doubling, up to the most."""
        return float(min(self.first_seconds * 2 ** min(failures - 1, 16), self.most_seconds))


@dataclass(frozen=True, slots=True)
class ChildPlan:
    """What to run.

    `stops_last`: others need it while they stop. `ready` is awaited before the next is started.
    """

    name: str
    command: tuple[str, ...]
    environ: Mapping[str, str] = field(repr=False)
    stops_last: bool = False
    ready: Callable[[], Awaitable[None]] | None = None


class Child:
    """A child that is kept running until it is stopped."""

    def __init__(self, plan: ChildPlan, back_off: BackOff) -> None:
        """Plan the child; nothing runs yet."""
        self.plan = plan
        self._back_off = back_off
        self._process: asyncio.subprocess.Process | None = None
        self._failures = 0
        self._is_stopping = False

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if self._process and running else None

    def is_stopping(self) -> bool:
        """Tell whether it was asked to stop, which may happen during any wait."""
        return self._is_stopping

    async def run_once(self) -> int:
        """Start the child, wait for its end and give its exit status."""
        process = await self._start()
        status = await process.wait()
        log.info("child_ended", name=self.plan.name, exit_status=status)
        return status

    async def keep(self) -> None:
        """Run the child again and again until it is stopped or this task is cancelled."""
        while not self.is_stopping():
            started = time.monotonic()
            await self.run_once()
            if self.is_stopping():
                return
            has_been_steady = time.monotonic() - started >= self._back_off.steady_seconds
            self._failures = 1 if has_been_steady else self._failures + 1
            delay = self._back_off.delay(self._failures)
            log.warning("child_restarts", name=self.plan.name, delay_seconds=delay)
            await asyncio.sleep(delay)

    def ask_to_stop(self) -> None:
        """Send SIGTERM; it is not started again."""
        self._is_stopping = True
        self._signal(signal.SIGTERM)

    async def stop(self, patience_seconds: float) -> None:
        """Ask to stop, wait for the end, and kill who does not end in time."""
        self.ask_to_stop()
        if self._process is None:
            return
        try:
            async with asyncio.timeout(patience_seconds):
                await self._process.wait()
        except TimeoutError:
            log.warning("child_killed", name=self.plan.name)
            self._signal(signal.SIGKILL)
            await self._process.wait()

    def _signal(self, kind: signal.Signals) -> None:
        """Signal the child and what it started itself: it leads a group of its own."""
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, kind)

    async def _start(self) -> asyncio.subprocess.Process:
        """Start it in a session of its own: Ctrl-C is for the supervisor, who passes it on."""
        command = tied_command(self.plan.command, death_signal=signal.SIGTERM)
        self._process = await asyncio.create_subprocess_exec(
            *command,
            env=self.plan.environ,
            stdin=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )
        log.info("child_started", name=self.plan.name, pid=self._process.pid)
        if self._is_stopping:  # asked while it was being started
            self._signal(signal.SIGTERM)
        return self._process
