"""The HTTP application."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from litestar import Litestar, Router
from litestar.exceptions import HTTPException
from prometheus_client import CollectorRegistry

from backend.app.bodies import JsonRequest
from backend.app.context import AppContext
from backend.app.dependencies import constant, dependencies
from backend.app.middleware import Authenticated, Observed
from backend.app.routes import OPERATIONS, SURFACES
from backend.app.telemetry import observe_requests, queue_gauges
from backend.app.viewers import VIEWERS
from backend.kernel.clock import system_clock
from backend.kernel.db import open_database
from backend.kernel.errors import DomainError
from backend.kernel.guards import principal_guard
from backend.kernel.problems import refuse_domain, refuse_protocol, refuse_unexpected
from backend.kernel.rate_limits import RateLimiter, open_redis
from backend.kernel.settings import Settings
from backend.kernel.territories.register import served_municipalities
from groups.configured import close_evaluator, evaluator_of
from notifications.configured import vapid_key_of

LARGEST_BODY_BYTES = 2_000_000


def build_app(context: AppContext) -> Litestar:
    """Make the application of given services; closes the database when it shuts down."""
    registry, limiter = CollectorRegistry(), limiter_of(context)
    evaluator = context.evaluator or evaluator_of(context.settings)
    tenants = served_municipalities(context.settings.deployment.municipalities)
    gauges = queue_gauges(registry, context.database, tenants)

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncGenerator[None]:
        yield
        await limiter.close()
        await close_evaluator(evaluator)
        await context.database.close()

    surfaces = [
        Router(path=f"/{surface}/v1", route_handlers=handlers)
        for surface, handlers in SURFACES.items()
        if handlers
    ]
    app = Litestar(
        route_handlers=[*OPERATIONS, *VIEWERS, *surfaces],
        dependencies={
            **dependencies(context, limiter, evaluator),
            "registry": constant(registry),
            "gauges": constant(gauges),
        },
        guards=[principal_guard],
        middleware=[Authenticated(context)],
        exception_handlers={
            DomainError: refuse_domain,
            HTTPException: refuse_protocol,
            Exception: refuse_unexpected,
        },
        lifespan=[lifespan],
        openapi_config=None,
        logging_config=None,
        request_class=JsonRequest,
        request_max_body_size=LARGEST_BODY_BYTES,
    )
    app.asgi_handler = Observed(app.asgi_handler, observe_requests(registry))
    return app


def limiter_of(context: AppContext) -> RateLimiter:
    """Make the shared rate counters: in Redis where one is configured."""
    url = context.settings.redis.url
    return RateLimiter(context.database, open_redis(url) if url else None)


def create_app(settings: Settings) -> Litestar:
    """Make the application that `settings` describe."""
    url, pool = settings.database.url, settings.database.pool
    if url is None:
        raise ValueError("no database: NOVADS_DATABASE_URL is not set")
    database = open_database(url, pool_size=pool)
    key = vapid_key_of(settings)
    public_key = key.public_base64url if key else ""
    return build_app(AppContext(settings, database, settings.vault(), system_clock, public_key))
