"""Figures in Prometheus form: of the HTTP process, and of the queues that all processes share."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge, Histogram
from sqlalchemy.exc import SQLAlchemyError

from backend.app.middleware import Observe
from backend.kernel.db import Database
from backend.kernel.outbox import backlog
from backend.kernel.tenancy import Tenants
from groups.configured import waiting_since
from notifications.public import queue_depth

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


def observe_requests(registry: CollectorRegistry) -> Observe:
    """Register the request histogram and give the function that feeds it."""
    seconds = Histogram(
        "novads_http_request_seconds",
        "Time from the first byte of a request to the last byte of its answer.",
        ("method", "route", "status"),
        buckets=BUCKETS,
        registry=registry,
    )

    def observe(method: str, route: str, status: int, elapsed: float) -> None:
        seconds.labels(method, route, str(status)).observe(elapsed)

    return observe


@dataclass(frozen=True, slots=True)
class QueueGauges:
    """The depth of the delivery queue and of the outbox, read when the figures are asked for."""

    database: Database
    tenants: Tenants
    up: Gauge
    chunks: Gauge
    events: Gauge
    workers: Gauge
    behind: Gauge

    async def refresh(self, now: datetime) -> None:
        """Read the queues; without its database only `novads_database_up` changes, to 0."""
        try:
            async with self.database.read(self.tenants) as session:
                depth, events = await queue_depth(session, now), await backlog(session)
                since = await waiting_since(session)
        except (SQLAlchemyError, OSError):
            self.up.set(0)
            return
        self.up.set(1)
        self.workers.set(depth.workers)
        self.behind.set((now - since).total_seconds() if since else 0)
        _set(self.chunks, {"due": depth.due, "later": depth.later, "leased": depth.leased})
        _set(self.events, {"waiting": events[0], "given_up": events[1]})


def queue_gauges(registry: CollectorRegistry, database: Database, tenants: Tenants) -> QueueGauges:
    """Register the gauges of the queues."""
    return QueueGauges(
        database=database,
        tenants=tenants,
        up=Gauge("novads_database_up", "Whether the database answers.", registry=registry),
        chunks=Gauge(
            "novads_delivery_chunks",
            "Chunks of deliveries: due now, for a later time, held by a worker.",
            ("state",),
            registry=registry,
        ),
        events=Gauge(
            "novads_outbox_events",
            "Outbox events: waiting, or given up after ten failures.",
            ("state",),
            registry=registry,
        ),
        workers=Gauge("novads_workers", "Workers that listen for chunks.", registry=registry),
        behind=Gauge(
            "novads_groups_behind_seconds",
            "Age of the oldest change of facts that the groups have not followed.",
            registry=registry,
        ),
    )


def _set(gauge: Gauge, values: Mapping[str, int]) -> None:
    for state, value in values.items():
        gauge.labels(state).set(value)
