"""Around every request: its id, its principal, one access-log line, its figures."""

import re
import time
from collections.abc import Callable

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from typing_extensions import override

from backend.app.context import AppContext
from backend.kernel.ids import new_id
from backend.kernel.login_sessions import authenticate
from backend.kernel.logs import logger

LOG = logger(__name__)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
ACCEPTED_REQUEST_ID = re.compile(rb"[A-Za-z0-9_.-]{8,64}")

Observe = Callable[[str, str, int, float], None]
"""Takes method, route template, status and seconds of one request."""

SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
)


class Observed:
    """Names the request, and writes one line and one measurement when it has been answered.

    It stands around the whole application, because the framework answers a request that no route
    takes before any of its middleware.
    """

    def __init__(self, application: ASGIApp, observe: Observe) -> None:
        """Report every request's figures to `observe`."""
        self._application = application
        self._observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; what is not HTTP passes through."""
        if scope["type"] != ScopeType.HTTP:
            await self._application(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope["state"]["request_id"] = request_id
        started, status = time.perf_counter(), 0

        async def send_named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                extra = ((b"x-request-id", request_id.encode()), *SECURITY_HEADERS)
                message["headers"] = [*message.get("headers", []), *extra]
            await send(message)

        try:
            await self._application(scope, receive, send_named)
        finally:
            seconds = time.perf_counter() - started
            route = _template(scope)
            method = _known(str(scope["method"]))
            self._observe(method, route, status, seconds)
            LOG.info(
                "request",
                method=method,
                route=route,
                status=status,
                duration_ms=round(seconds * 1000, 1),
                request_id=request_id,
            )


class Authenticated(ASGIMiddleware):
    """Turns a bearer token into the request's principal; an unknown one leaves it empty."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, context: AppContext) -> None:
        """Look sessions up in the context's database."""
        self._context = context

    @override
    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Serve one request as its principal."""
        token = _bearer(scope)
        scope["user"] = (
            await authenticate(self._context.database, token, self._context.clock())
            if token
            else None
        )
        scope["auth"] = None
        await next_app(scope, receive, send)


def _header(scope: Scope, name: bytes) -> bytes:
    return next((value for key, value in scope["headers"] if key.lower() == name), b"")


def _request_id(scope: Scope) -> str:
    given = _header(scope, b"x-request-id")
    return given.decode() if ACCEPTED_REQUEST_ID.fullmatch(given) else new_id().hex


def _bearer(scope: Scope) -> str | None:
    scheme, _, token = _header(scope, b"authorization").partition(b" ")
    if scheme.lower() != b"bearer" or len(token) > 256:
        return None
    return token.decode("ascii", errors="replace").strip()


def _known(method: str) -> str:
    """Give the method: one that nobody knows must not make a figure of its own."""
    return method if method in METHODS else "other"


def _template(scope: Scope) -> str:
    """Give the route's template: a path with ids or tokens would not be fit for a log."""
    try:
        return scope["path_template"]
    except KeyError:  # no route took the request
        return "unmatched"
