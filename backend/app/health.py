"""Liveness, readiness and metrics for those who operate the process."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from msgspec import Struct
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from backend.app.telemetry import QueueGauges
from backend.kernel.clock import Clock
from backend.kernel.db import Database
from backend.kernel.guards import serves
from backend.kernel.principals import PrincipalKind
from backend.kernel.rate_limits import RateLimiter


class Health(Struct, frozen=True):
    """State of the process.

    `ok`; `degraded` when it serves without its Redis; `unavailable` without its database.
    """

    status: str


@get("/health/live", opt=serves(PrincipalKind.PUBLIC), operation_id="isAlive")
async def live() -> Health:
    """Say that the process answers."""
    return Health("ok")


@get("/health/ready", opt=serves(PrincipalKind.PUBLIC), operation_id="isReady")
async def ready(
    database: NamedDependency[Database], limiter: NamedDependency[RateLimiter]
) -> Response[Health]:
    """Say whether requests can be served: the database answers."""
    try:
        async with database.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError):
        return Response(Health("unavailable"), status_code=503)
    if limiter.has_redis and not await limiter.redis_answers():
        return Response(Health("degraded"))
    return Response(Health("ok"))


@get("/metrics", opt=serves(PrincipalKind.PUBLIC), operation_id="metrics")
async def metrics(
    registry: NamedDependency[CollectorRegistry],
    gauges: NamedDependency[QueueGauges],
    clock: NamedDependency[Clock],
) -> Response[bytes]:
    """Give the process's and the queues' figures in the Prometheus text format."""
    await gauges.refresh(clock())
    headers: dict[str, Any] = {"content-type": CONTENT_TYPE_LATEST}
    return Response(generate_latest(registry), headers=headers)
