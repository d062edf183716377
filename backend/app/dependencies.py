"""What handlers may ask for: transactions of their principal, the clock, the vault, `once`."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide

from backend.app.context import AppContext
from backend.kernel.clock import Clock
from backend.kernel.db import Database, Transactions
from backend.kernel.idempotency import IdempotencyKeyHeader, Once, checked_key, request_digest
from backend.kernel.personal_data import Vault
from backend.kernel.principals import Principal
from backend.kernel.rate_limits import RateLimiter
from groups.configured import Evaluator
from notifications.configured import policy_of, tariff_of, writer_of


async def provide_principal(request: Request[Any, Any, State]) -> Principal:
    """Give the request's principal; the guard has already refused requests without one."""
    principal: Any = request.scope["user"]
    if not isinstance(principal, Principal):
        raise TypeError("a route that takes a principal must serve one")
    return principal


async def provide_transactions(
    principal: NamedDependency[Principal], database: NamedDependency[Database]
) -> Transactions:
    """Give transactions that serve the principal's municipality only."""
    return database.serving((principal.municipality,))


async def provide_once(
    request: Request[Any, Any, State],
    principal: NamedDependency[Principal],
    transactions: NamedDependency[Transactions],
    vault: NamedDependency[Vault],
    clock: NamedDependency[Clock],
    key: IdempotencyKeyHeader = None,
) -> Once:
    """Bind the caller's idempotency key to this request."""
    return Once(
        transactions=transactions,
        vault=vault,
        clock=clock,
        municipality=principal.municipality,
        scope=principal.scope,
        key=checked_key(key),
        request_digest=await request_digest(request),
    )


def dependencies(
    context: AppContext, limiter: RateLimiter, evaluator: Evaluator
) -> dict[str, Provide]:
    """List the application's dependencies by the name under which handlers ask for them."""
    return {
        "database": constant(context.database),
        "vault": constant(context.vault),
        "clock": constant(context.clock),
        "settings": constant(context.settings),
        "vapid_public_key": constant(context.vapid_public_key),
        "limiter": constant(limiter),
        "evaluator": constant(evaluator),
        "policy": constant(policy_of(context.settings)),
        "tariff": constant(tariff_of(context.settings)),
        "writer": constant(writer_of(context.settings)),
        "principal": Provide(provide_principal),
        "transactions": Provide(provide_transactions),
        "once": Provide(provide_once),
    }


def constant(value: object) -> Provide:
    """Provide a value that is the same for every request."""

    async def provide() -> Any:  # noqa: ANN401 - handlers name the type
        return value

    provided: Callable[[], Awaitable[Any]] = provide
    return Provide(provided)
