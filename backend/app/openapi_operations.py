"""Completes an operation's description: who may call it, how it refuses, what it is about."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from backend.app.openapi_schemas import Json, with_named_parts
from backend.app.openapi_texts import Audience
from backend.kernel.guards import NEEDS_ROLE, SERVES
from backend.kernel.principals import PrincipalKind
from backend.kernel.problems import MEDIA_TYPE

KEY_HEADER, SIGNATURE_HEADER = "Idempotency-Key", "webhook-signature"
ASKED_FOR = {
    KEY_HEADER,
    "Upload-Offset",
    "registry-source",
    "webhook-id",
    "webhook-timestamp",
    SIGNATURE_HEADER,
}
CODE = re.compile(r"`([a-z0-9_]+)`")
SUCCESS = {"200": "Done.", "201": "Created.", "202": "Taken; the work goes on.", "204": "Done."}
PROBLEM: Json = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
OTHERWISE: Json = {"$ref": "#/components/responses/OtherProblem"}
OTHER_PROBLEM: Json = {
    "description": "Any other problem; its `code` is in `mobile-contract/errors.json`.",
    "content": PROBLEM,
}


@dataclass(frozen=True, slots=True)
class Served:
    """Whom a route serves; of the roles one is enough."""

    kind: PrincipalKind
    roles: tuple[str, ...]


def described_handlers(app: Litestar) -> Sequence[HTTPRouteHandler]:
    """List the handlers of the operations that the description has."""
    return [
        handler
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if isinstance(handler.operation_id, str)
    ]


def served_by_operation(app: Litestar) -> Mapping[str, Served]:
    """Tell for every operation whom it serves."""
    return {
        str(handler.operation_id): Served(
            handler.opt[SERVES], tuple(sorted(handler.opt[NEEDS_ROLE]))
        )
        for handler in described_handlers(app)
    }


def codes_of(response: Json) -> frozenset[str]:
    """Read the codes which a documented refusal names."""
    return frozenset(CODE.findall(str(response.get("description", ""))))


def refusal(codes: Iterable[str]) -> Json:
    """Describe a refusal with one of these codes."""
    named = ", ".join(f"`{code}`" for code in sorted(codes))
    return {"description": f"Code: {named}", "content": PROBLEM}


def completed(
    operation: Json, path: str, served: Served, audience: Audience, components: Json
) -> Json:
    """Give the operation with its summary, tag, security and refusals."""
    summary, _, more = str(operation["description"]).partition("\n")
    whole: Json = {
        **operation,
        "summary": summary.rstrip("."),
        "tags": [_tag(path)],
        "security": _security(operation, served, audience),
        "responses": _responses(operation, served),
    }
    del whole["description"]
    if more.strip():
        whole["description"] = more.strip()
    for parameter in whole.get("parameters", []):
        _complete_parameter(parameter)
    for media in whole.get("requestBody", {}).get("content", {}).values():
        media["schema"] = with_named_parts(media["schema"], components)
    return whole


def _tag(path: str) -> str:
    """Name the resource: the first part of the path behind the version that is no parameter."""
    return next(part for part in path.split("/")[3:] if not part.startswith("{"))


def _complete_parameter(parameter: Json) -> None:
    """Require the headers that the use case asks for itself; no parameter can be sent as null."""
    if parameter["name"] in ASKED_FOR:
        parameter["required"] = True
    schema: Json = parameter["schema"]
    if schema.get("description") == parameter.get("description"):
        schema.pop("description", None)
    types: list[str] | str = schema.get("type", "")
    if not isinstance(types, str):
        (schema["type"],) = [name for name in types if name != "null"]


def _security(operation: Json, served: Served, audience: Audience) -> list[Json]:
    if served.kind == PrincipalKind.PUBLIC:
        return []
    if served.kind == PrincipalKind.SYSTEM and not _is_signed(operation):
        return []
    if not served.roles:
        return [{audience.scheme: []}]
    return [{audience.scheme: [role]} for role in served.roles]


def _is_signed(operation: Json) -> bool:
    return any(given["name"] == SIGNATURE_HEADER for given in operation.get("parameters", []))


def _responses(operation: Json, served: Served) -> Json:
    """Give the documented answers; the protocol's own refusals come from here."""
    given: dict[str, Any] = operation["responses"]
    codes = {status: set(codes_of(one)) for status, one in given.items() if status >= "400"}
    if operation.get("parameters") or operation.get("requestBody"):
        codes.setdefault("400", set()).add("invalid_input")
    if served.kind not in {PrincipalKind.PUBLIC, PrincipalKind.SYSTEM}:
        codes.setdefault("401", set()).add("sign_in_required")
        codes.setdefault("403", set()).add("not_allowed")
    done = {
        status: one | {"description": SUCCESS[status]}
        for status, one in given.items()
        if status < "400"
    }
    return (
        done | {status: refusal(names) for status, names in codes.items()} | {"default": OTHERWISE}
    )
