"""RFC 9457 problems: every refusal as `application/problem+json` with a stable code."""

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from msgspec import UNSET, Struct, UnsetType

from backend.kernel.errors import DomainError, Fault, Kind, Text
from backend.kernel.languages import preferred_language
from backend.kernel.logs import logger

MEDIA_TYPE = "application/problem+json"
LOG = logger(__name__)

STATUS_OF = {
    Kind.INVALID: HTTPStatus.BAD_REQUEST,
    Kind.UNAUTHENTICATED: HTTPStatus.UNAUTHORIZED,
    Kind.FORBIDDEN: HTTPStatus.FORBIDDEN,
    Kind.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Kind.CONFLICT: HTTPStatus.CONFLICT,
    Kind.GONE: HTTPStatus.GONE,
    Kind.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    Kind.PRECONDITION: HTTPStatus.PRECONDITION_FAILED,
    Kind.LIMITED: HTTPStatus.TOO_MANY_REQUESTS,
    Kind.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
}

PROTOCOL_TITLES = {
    400: ("invalid_input", Text("Ievade nav derīga", "The input is not valid")),
    401: ("sign_in_required", Text("Nepieciešama pieslēgšanās", "Sign-in is required")),
    403: ("not_allowed", Text("Nav atļauts", "Not allowed")),
    404: ("not_found", Text("Nav atrasts", "Not found")),
    405: ("method_not_allowed", Text("Metode nav atļauta", "Method not allowed")),
    413: ("too_large", Text("Pieprasījums ir par lielu", "The request is too large")),
    415: ("unsupported_media_type", Text("Neatbalstīts formāts", "Unsupported media type")),
    500: ("internal_error", Text("Iekšēja kļūda", "Internal error")),
}
"""Codes of refusals that the protocol layer makes before or around a use case."""


class ProblemFault(Struct, rename="camel", frozen=True):
    """One fault in the input; `pointer` is an RFC 6901 JSON Pointer into the body."""

    pointer: str
    code: str
    detail: str


class Problem(Struct, rename="camel", frozen=True, omit_defaults=True):
    """A refusal (RFC 9457); `code` is stable, `title` is in the reader's language."""

    type: str
    title: str
    status: int
    code: str
    request_id: str
    detail: str | UnsetType = UNSET
    retry_after: int | UnsetType = UNSET
    errors: list[ProblemFault] | UnsetType = UNSET


def problem_responses(*refusals: type[DomainError]) -> dict[int, ResponseSpec]:
    """Document the refusals of a handler for OpenAPI, by status."""
    codes: dict[int, list[str]] = {}
    for refusal in refusals:
        codes.setdefault(STATUS_OF[refusal.kind].value, []).extend(map(str, refusal.titles))
    return {
        status: ResponseSpec(
            data_container=Problem,
            generate_examples=False,
            media_type=MEDIA_TYPE,
            description="Code: " + ", ".join(f"`{code}`" for code in sorted(set(names))),
        )
        for status, names in sorted(codes.items())
    }


def refuse_domain(request: Request[Any, Any, State], error: DomainError) -> Response[bytes]:
    """Answer a use case's refusal."""
    return _answer(
        request,
        status=STATUS_OF[error.kind].value,
        code=error.code,
        title=error.title,
        detail=error.detail,
        faults=error.faults,
        retry_after=error.retry_after_seconds,
    )


def refuse_protocol(request: Request[Any, Any, State], error: HTTPException) -> Response[bytes]:
    """Answer what the framework refused: unknown path, wrong method, malformed body."""
    status = error.status_code if error.status_code in PROTOCOL_TITLES else 400
    code, title = PROTOCOL_TITLES[status]
    faults = _faults(error) if isinstance(error, ValidationException) else ()
    return _answer(request, status=error.status_code, code=code, title=title, faults=faults)


def refuse_unexpected(request: Request[Any, Any, State], error: Exception) -> Response[bytes]:
    """Answer a programming error with 500; the log gets its type and place, never its text."""
    LOG.error("unexpected_error", failure=error, method=request.method)
    code, title = PROTOCOL_TITLES[500]
    return _answer(request, status=500, code=code, title=title)


def _answer(
    request: Request[Any, Any, State],
    *,
    status: int,
    code: str,
    title: Text,
    detail: str | None = None,
    faults: Sequence[Fault] = (),
    retry_after: int | None = None,
) -> Response[bytes]:
    language = preferred_language(request.headers.get("accept-language"))
    problem = Problem(
        type=f"urn:novads:problem:{code}",
        title=title.en if language == "en" else title.lv,
        status=status,
        code=code,
        request_id=str(request.scope["state"].get("request_id", "")),
        detail=detail if detail is not None else UNSET,
        retry_after=retry_after if retry_after is not None else UNSET,
        errors=[ProblemFault(f.pointer, f.code, f.detail) for f in faults] or UNSET,
    )
    headers = {"content-language": language, "cache-control": "no-store"}
    if retry_after is not None:
        headers["retry-after"] = str(retry_after)
    if status == HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = "Bearer"
    return Response(
        msgspec.json.encode(problem), status_code=status, media_type=MEDIA_TYPE, headers=headers
    )


WHOLE_BODY = "data"
"""Under this name the framework speaks of the body as a whole."""
PATH_IN_MESSAGE = re.compile(r"^(?P<what>.*?)(?: - at `\$(?P<path>[^`]*)`)?$", re.DOTALL)


def _faults(error: ValidationException) -> tuple[Fault, ...]:
    """Turn the framework's findings into pointers; names of parameters become `#name`."""
    extra: Any = error.extra
    if not isinstance(extra, list) or not extra:
        return (_fault(error.detail, None),)
    findings = msgspec.convert(extra, list[dict[str, Any]])
    return tuple(_fault(str(f.get("message", "")), f.get("key")) for f in findings)


def _fault(message: str, key: str | None) -> Fault:
    """Point at the spot; of a mapping's value only the mapping is known (`[...]`)."""
    match = PATH_IN_MESSAGE.match(message)
    what, path = (match["what"], match["path"]) if match else (message, None)
    spot = path or (key if key and key != WHOLE_BODY else "")
    known = spot.partition("[...]")[0]
    pointer = "".join(f"/{part}" for part in re.findall(r"[^.\[\]]+", known))
    return Fault(pointer, "invalid_value", what)
