"""The groups engine as the settings describe it: where it answers, how it is asked, how it runs."""

import asyncio
from collections.abc import Sequence

from backend.kernel.clock import Clock
from backend.kernel.db import open_database
from backend.kernel.settings import Settings
from backend.kernel.settings.groups import EngineMode
from backend.kernel.territories.register import served_municipalities
from groups.engine.client import EngineEvaluator, FallbackEvaluator
from groups.engine.queries import waiting_since
from groups.engine.running import Post, run_engine
from groups.engine.wire import token_of
from groups.evaluation.ports import Evaluator
from groups.evaluation.sql import SqlEvaluator

__all__ = [
    "Evaluator",
    "close_evaluator",
    "evaluator_of",
    "run_groups_engine",
    "waiting_since",
]

SOCKET = "groups-engine.sock"


def evaluator_of(settings: Settings) -> Evaluator:
    """Make what evaluates rules for the API."""
    if settings.groups_engine.mode is EngineMode.OFF:
        return SqlEvaluator()
    engine = EngineEvaluator(_addresses(settings), token_of(settings.vault()))
    return FallbackEvaluator(engine, SqlEvaluator())


async def close_evaluator(evaluator: Evaluator) -> None:
    """Close what the evaluator keeps open."""
    if isinstance(evaluator, FallbackEvaluator):
        await evaluator.close()


async def run_groups_engine(settings: Settings, clock: Clock, stop: asyncio.Event) -> None:
    """Let groups follow until `stop` is set."""
    url = settings.database.url
    if url is None:
        raise ValueError("no database: NOVADS_DATABASE_URL is not set")
    database = open_database(url, pool_size=settings.database.pool)
    post = Post(
        dsn=url,
        database=database,
        municipalities=tuple(served_municipalities(settings.deployment.municipalities)),
        address=_listen(settings),
        token=token_of(settings.vault()),
    )
    try:
        await run_engine(post, clock, stop)
    finally:
        await database.close()


def _listen(settings: Settings) -> str:
    default = settings.deployment.state_directory.resolve() / SOCKET
    return settings.groups_engine.listen or f"unix://{default}"


def _addresses(settings: Settings) -> Sequence[str]:
    return settings.groups_engine.addresses or (_listen(settings),)
