"""Errors in the shape of Google's APIs (google.rpc.Status with details).

Source: Firebase "FCM error codes" and AIP-193.
"""

from collections.abc import Mapping, Sequence

from aiohttp import web
from msgspec import Struct

from backend.adapters.simulators.core import json_response

_TYPE = "type.googleapis.com/"


class Violation(Struct, frozen=True):
    """One field of the request and what is wrong with it."""

    field: str
    description: str


def invalid(violations: Sequence[Violation]) -> web.Response:
    """Answer 400: the payload is wrong, whatever its token."""
    details: list[Mapping[str, object]] = [
        {"@type": f"{_TYPE}google.rpc.BadRequest", "fieldViolations": violations}
    ]
    return _status(400, "INVALID_ARGUMENT", violations[0].description, details)


def invalid_token() -> web.Response:
    """Answer 400: the token itself can never have been one."""
    message = "The registration token is not a valid FCM registration token"
    return _status(400, "INVALID_ARGUMENT", message, [_fcm("INVALID_ARGUMENT")])


def unregistered() -> web.Response:
    """Answer 404: the token is dead or was never ours."""
    return _status(404, "NOT_FOUND", "Requested entity was not found.", [_fcm("UNREGISTERED")])


def unauthenticated(reason: str) -> web.Response:
    """Answer 401: no access token, or one that is not valid now."""
    details: list[Mapping[str, object]] = [
        {
            "@type": f"{_TYPE}google.rpc.ErrorInfo",
            "reason": reason,
            "domain": "googleapis.com",
            "metadata": {"service": "fcm.googleapis.com"},
        }
    ]
    message = "Request had invalid authentication credentials. Expected OAuth 2 access token."
    headers = {"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/"'}
    return _status(401, "UNAUTHENTICATED", message, details, headers)


def other_project(project: str) -> web.Response:
    """Answer 403: the access token is for another project."""
    permission = "cloudmessaging.messages.create"
    message = f"Permission '{permission}' denied on resource '//fcm/projects/{project}'"
    return _status(403, "PERMISSION_DENIED", message, [])


def quota_exceeded(retry_after: str) -> web.Response:
    """Answer 429 with Retry-After."""
    message = "Quota exceeded for quota metric 'Send requests' of service 'fcm.googleapis.com'"
    headers = {"Retry-After": retry_after}
    return _status(429, "RESOURCE_EXHAUSTED", message, [_fcm("QUOTA_EXCEEDED")], headers)


def unavailable() -> web.Response:
    """Answer 503: overloaded, try later with back-off."""
    message = "The service is currently unavailable."
    return _status(503, "UNAVAILABLE", message, [_fcm("UNAVAILABLE")])


def _fcm(code: str) -> Mapping[str, object]:
    return {"@type": f"{_TYPE}google.firebase.fcm.v1.FcmError", "errorCode": code}


def _status(
    code: int,
    status: str,
    message: str,
    details: Sequence[Mapping[str, object]],
    headers: dict[str, str] | None = None,
) -> web.Response:
    error = {"code": code, "message": message, "status": status, "details": details}
    return json_response({"error": error}, status=code, headers=headers)
