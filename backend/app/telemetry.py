"""Figures of the HTTP process in Prometheus form."""

from prometheus_client import CollectorRegistry, Histogram

from backend.app.middleware import Observe

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
