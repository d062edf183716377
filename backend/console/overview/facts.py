"""What the page tells, gathered anew for every view; aggregate figures only."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import PurePath

import asyncpg
from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from backend.console.overview.simulators import SimulatorAnswer, ask_simulators
from backend.kernel.db import Database
from backend.kernel.errors import DomainError
from backend.kernel.outbox import backlog
from backend.kernel.settings import Settings
from backend.kernel.tenancy import Tenants
from backend.kernel.territories.register import served_municipalities
from notifications.public import LastCampaign, QueueDepth, last_campaign, queue_depth

DATABASE_SECONDS = 2.0
NOT_ANSWERING = (
    SQLAlchemyError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    DomainError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database says; outbox events wait, or were given up after too many attempts."""

    server_version: str
    queue: QueueDepth
    events_waiting: int
    events_given_up: int
    campaign: LastCampaign | None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything on the page at one instant.

    `stored` is None when the database does not answer, `simulators` when there are none.
    """

    at: datetime
    version: str
    environment: str
    is_embedded: bool
    stored: Stored | None
    simulators: Sequence[SimulatorAnswer] | None


async def gather_facts(settings: Settings, database: Database, now: datetime) -> Facts:
    """Ask the database and the simulators at once; whatever is down is told as down."""
    tenants = served_municipalities(settings.deployment.municipalities)
    stored, simulators = await asyncio.gather(
        _stored(database, tenants, now), _simulators(settings)
    )
    return Facts(
        at=now,
        version=version("novads"),
        environment=settings.deployment.environment.value,
        is_embedded=is_embedded(database.engine.url),
        stored=stored,
        simulators=simulators,
    )


def is_embedded(url: URL) -> bool:
    """Tell whether a URL leads to the embedded server: a socket in a folder of our naming."""
    host = url.query.get("host", "")
    folder = PurePath(host if isinstance(host, str) else "").name
    return folder == "socket" or folder.startswith("novads-")


async def _stored(database: Database, tenants: Tenants, now: datetime) -> Stored | None:
    try:
        async with asyncio.timeout(DATABASE_SECONDS), database.read(tenants) as session:
            waiting, given_up = await backlog(session)
            release = database.engine.dialect.server_version_info or ()
            return Stored(
                server_version=".".join(str(part) for part in release),
                queue=await queue_depth(session, now),
                events_waiting=waiting,
                events_given_up=given_up,
                campaign=await last_campaign(session),
            )
    except NOT_ANSWERING:
        return None


async def _simulators(settings: Settings) -> Sequence[SimulatorAnswer] | None:
    if not settings.simulators.enabled:
        return None
    return await ask_simulators(settings.simulators)
