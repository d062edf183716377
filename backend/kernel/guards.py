"""Who may call a route: declared in its `opt`, enforced by one guard of the whole application."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from backend.kernel.errors import DomainError, Kind, Text
from backend.kernel.principals import Principal, PrincipalKind

SERVES, NEEDS_ROLE = "principal", "roles"


class NotSignedIn(DomainError):
    """The route needs a principal and the request has none that is valid."""

    kind = Kind.UNAUTHENTICATED
    titles: ClassVar[Mapping[str, Text]] = {
        "sign_in_required": Text(lv="Nepieciešama pieslēgšanās", en="Sign-in is required")
    }


class NotAllowed(DomainError):
    """The principal is of another kind, or lacks the role that the route needs."""

    kind = Kind.FORBIDDEN
    titles: ClassVar[Mapping[str, Text]] = {"not_allowed": Text(lv="Nav atļauts", en="Not allowed")}


def serves(kind: PrincipalKind, role: str | Collection[str] = ()) -> dict[str, Any]:
    """Declare (as a route's or controller's `opt`) which principal it serves.

    Of several roles one is enough; without any, every principal of the kind is served.
    """
    roles = {role} if isinstance(role, str) else set(role)
    return {SERVES: kind, NEEDS_ROLE: frozenset(roles)}


def principal_guard(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Refuse a request whose principal the route does not serve.

    `system` routes are let through: they verify the signature of the body themselves.

    Raises:
        NotSignedIn: no valid principal.
        NotAllowed: another kind of principal, or without the role.
    """
    kind = handler.opt[SERVES]
    if kind in {PrincipalKind.PUBLIC, PrincipalKind.SYSTEM}:
        return
    principal: Any = connection.scope["user"]
    if not isinstance(principal, Principal):
        raise NotSignedIn
    roles: frozenset[str] = handler.opt[NEEDS_ROLE]
    if principal.kind != kind or (roles and not roles & principal.roles):
        raise NotAllowed
