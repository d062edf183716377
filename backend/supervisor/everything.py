"""`novads serve --all` and `novads demo`: database, migrations, simulators, API and workers."""

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from backend.kernel.embedded import EmbeddedPostgres, start_embedded
from backend.kernel.logs import logger
from backend.kernel.settings import Settings
from backend.kernel.settings.groups import EngineMode
from backend.supervisor.children import ChildPlan
from backend.supervisor.ports import api_port, require_free, simulator_ports, until_answering
from backend.supervisor.supervisor import Supervisor
from backend.supervisor.surroundings import (
    DatabaseUrls,
    child_environ,
    owner_environ,
    postgres_directory,
)

log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A command that runs beside the servers; `is_all` ends everything when it is done."""

    command: tuple[str, ...]
    is_all: bool


def novads(*arguments: str) -> tuple[str, ...]:
    """Compose the command of one of our own commands."""
    return (sys.executable, "-m", "backend.cli", *arguments)


async def run_everything(
    settings: Settings, environ: Mapping[str, str], stop: asyncio.Event, job: Job | None = None
) -> int:
    """Run all parts until `stop` is set, or until the job is done if it is all; give the status.

    Raises:
        PortTaken: another program listens on one of our ports.
        EmbeddedError: the embedded database cannot be started.
    """
    simulated = simulator_ports(settings) if settings.simulators.enabled else ()
    require_free(api_port(settings), *simulated)
    database = _embedded(settings)
    supervisor = Supervisor(database)
    try:
        main = asyncio.create_task(_run(supervisor, settings, environ, job))
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({main, stopped}, return_when=asyncio.FIRST_COMPLETED)
        return main.result() if main.done() else await _cancelled(main)
    finally:
        await supervisor.stop()


async def _run(
    supervisor: Supervisor, settings: Settings, environ: Mapping[str, str], job: Job | None
) -> int:
    """Bring all up in order; returns when there is a reason to stop."""
    urls = _urls(settings, supervisor.database)
    supervisor.watch_database()
    composed = child_environ(environ, urls)
    await supervisor.start(_simulators(settings, composed))  # they start while we migrate
    migrating = ChildPlan("migrate", novads("migrate"), owner_environ(environ, urls))
    if status := await supervisor.run_job(migrating):
        return status
    await supervisor.start(_plans(settings, composed))
    await until_answering(api_port(settings))
    log.info("serving", url=settings.server.base_url)
    if job is not None:
        status = await supervisor.run_job(ChildPlan("job", job.command, composed))
        if job.is_all or status:
            return status
    await asyncio.Event().wait()  # until cancelled
    return 0


async def _cancelled(main: asyncio.Task[int]) -> int:
    main.cancel()
    await asyncio.gather(main, return_exceptions=True)
    return 0


def _embedded(settings: Settings) -> EmbeddedPostgres | None:
    if settings.database.url is not None:
        return None
    server = start_embedded(postgres_directory(settings))
    log.info("database_started", pid=server.pid)
    return server


def _urls(settings: Settings, server: EmbeddedPostgres | None) -> DatabaseUrls:
    if settings.database.url is not None:
        return DatabaseUrls(settings.database.url, settings.database.owner_url)
    if server is None:
        raise RuntimeError("neither a URL nor an embedded server")
    return DatabaseUrls(server.dsn(), server.dsn(user="novads_owner"))


def _simulators(settings: Settings, environ: Mapping[str, str]) -> list[ChildPlan]:
    if not settings.simulators.enabled:
        return []
    return [ChildPlan("simulators", novads("simulators"), environ, stops_last=True)]


def _plans(settings: Settings, environ: Mapping[str, str]) -> list[ChildPlan]:
    """List the children in the order of their start: workers after the simulators they send to."""
    simulated = simulator_ports(settings) if settings.simulators.enabled else ()
    ready = partial(until_answering, *simulated)
    api = ChildPlan("api", novads("serve"), environ, ready=ready)
    workers = range(1, settings.delivery.workers + 1)
    reserved = ChildPlan("alerts-worker", novads("worker", "--alerts-only"), environ)
    engine = ChildPlan("groups-engine", novads("groups-engine"), environ)
    has_own = settings.groups_engine.mode is EngineMode.PROCESS
    return [
        *([engine] if has_own else []),
        api,
        *(ChildPlan(f"worker-{n}", novads("worker"), environ) for n in workers),
        reserved,
    ]
