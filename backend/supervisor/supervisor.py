"""Keeps children running, and stops them in order and in time."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field

from backend.kernel.embedded import EmbeddedPostgres
from backend.kernel.logs import logger
from backend.supervisor.children import BackOff, Child, ChildPlan
from backend.supervisor.database import keep_database

log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long each stage of the stop may take; together under five seconds."""

    children_seconds: float = 2.6
    last_children_seconds: float = 0.9
    database_seconds: float = 0.7


@dataclass(slots=True)
class Supervisor:
    """Owns the children, and the embedded database where there is one."""

    database: EmbeddedPostgres | None = None
    back_off: BackOff = field(default_factory=BackOff)
    patience: Patience = field(default_factory=Patience)
    _children: list[Child] = field(default_factory=list[Child])
    _tasks: list[asyncio.Task[None]] = field(default_factory=list[asyncio.Task[None]])

    def watch_database(self) -> None:
        """Begin to revive the embedded database when its postmaster dies."""
        if self.database is not None and self.database.is_owner:
            self._spawn(keep_database(self.database, self.back_off))

    async def start(self, plans: Sequence[ChildPlan]) -> None:
        """Start children in the given order, each after the one before is ready."""
        for plan in plans:
            child = Child(plan, self.back_off)
            self._children.append(child)
            self._spawn(child.keep())
            if plan.ready is not None:
                await plan.ready()

    async def run_job(self, plan: ChildPlan) -> int:
        """Run a child once and give its exit status; `stop` ends it too."""
        child = Child(plan, self.back_off)
        self._children.append(child)
        return await child.run_once()

    def pids(self) -> dict[str, int]:
        """Give the process ids of the children that run now, by name."""
        return {child.plan.name: child.pid for child in self._children if child.pid is not None}

    async def stop(self) -> None:
        """Stop all children, then the database; afterwards nothing of ours runs."""
        log.info("stopping")
        first = [child for child in self._children if not child.plan.stops_last]
        last = [child for child in self._children if child.plan.stops_last]
        for group, seconds in (
            (first, self.patience.children_seconds),
            (last, self.patience.last_children_seconds),
        ):
            await asyncio.gather(*(child.stop(seconds) for child in group))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.database is not None:
            self.database.stop(grace_seconds=self.patience.database_seconds)
        log.info("stopped")

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        self._tasks.append(asyncio.create_task(work))
