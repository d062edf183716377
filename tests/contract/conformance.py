"""Holds real requests and answers against the API descriptions.

Clients of tests report every exchange here, so that whatever a test does proves the contract too.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from httpx import Request, Response
from jsonschema import Draft202012Validator, FormatChecker

from backend.app.openapi_errors import ANYWHERE
from backend.app.openapi_operations import codes_of
from backend.kernel.problems import MEDIA_TYPE

Json = dict[str, Any]
INSTANT = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?"
"""An instant of RFC 3339 up to its offset."""


def formats(offset: str) -> FormatChecker:
    """Make the checker of formats; the offset of an instant fits the pattern `offset`."""
    checker = FormatChecker(())
    instant = re.compile(INSTANT + offset)

    @checker.checks("date-time")
    def is_instant(value: object) -> bool:
        return not isinstance(value, str) or instant.fullmatch(value) is not None

    @checker.checks("uuid", raises=ValueError)
    def is_uuid(value: object) -> bool:
        return not isinstance(value, str) or bool(UUID(value))

    @checker.checks("date", raises=ValueError)
    def is_day(value: object) -> bool:
        return not isinstance(value, str) or bool(date.fromisoformat(value))

    return checker


TAKEN = formats(r"(Z|[+-]\d{2}:\d{2})")
GIVEN = formats("Z")
"""What we answer is in UTC; what we take may have any offset."""


@dataclass(frozen=True)
class Described:
    """One operation of a description, and the whole that its references lead into."""

    method: str
    path: re.Pattern[str]
    operation: Json
    whole: Json

    def validator(self, media: Json, checker: FormatChecker) -> Draft202012Validator:
        """Make the validator of one media type's schema."""
        schema = {**media["schema"], "components": self.whole["components"]}
        return Draft202012Validator(schema, format_checker=checker)


class Conformance:
    """Checks exchanges; raises AssertionError with everything that differs."""

    def __init__(self, specifications: Mapping[str, Json]) -> None:
        """Take the audiences' descriptions."""
        self._operations = [one for whole in specifications.values() for one in _operations(whole)]
        self.seen: set[tuple[str, int]] = set()
        """Operation and status of every exchange that was checked."""

    async def __call__(self, response: Response) -> None:
        """Check one exchange; a hook of httpx."""
        await response.aread()
        self.check(response.request, response)

    def check(self, request: Request, response: Response) -> None:
        """Check the answer, and of a request that succeeded its body."""
        if response.status_code >= 400:
            assert response.headers["content-type"] == MEDIA_TYPE, response.text
        described = self._find(request)
        if described is None:
            return
        self.seen.add((described.operation["operationId"], response.status_code))
        findings = [*_in_answer(described, response)]
        if response.is_success:
            findings += _in_request(described, request)
        name = f"{request.method} {request.url.path} {response.status_code}"
        assert not findings, "\n".join([name, *findings])

    def _find(self, request: Request) -> Described | None:
        fitting = (
            one
            for one in self._operations
            if one.method == request.method and one.path.fullmatch(request.url.path)
        )
        return min(fitting, key=lambda one: one.path.pattern.count("("), default=None)


def _operations(whole: Json) -> Iterator[Described]:
    for path, methods in whole["paths"].items():
        pattern = re.compile(re.sub(r"\{\w+\}", "([^/]+)", path))
        for method, operation in methods.items():
            yield Described(method.upper(), pattern, operation, whole)


def _in_answer(described: Described, response: Response) -> Iterator[str]:
    responses: Json = described.operation["responses"]
    given = responses.get(str(response.status_code))
    if given is None and response.status_code < 400:
        yield f"a status that is not described: {response.status_code}"
        return
    known = given or described.whole["components"]["responses"]["OtherProblem"]
    content, media_type = known.get("content", {}), response.headers.get("content-type", "")
    if content:
        yield from _in_body(described, content, media_type, response.content, GIVEN)
    elif response.content:
        yield "a body where none is described"
    if response.status_code >= 400:
        code = response.json()["code"]
        if code not in codes_of(known) and code not in ANYWHERE:
            yield f"a code that is not described: {code}"


def _in_request(described: Described, request: Request) -> Iterator[str]:
    if "requestBody" in described.operation:
        content = described.operation["requestBody"]["content"]
        media_type = request.headers.get("content-type", "")
        yield from _in_body(described, content, media_type, request.content, TAKEN)
    for parameter in described.operation.get("parameters", ()):
        if parameter["in"] == "header" and parameter["required"]:
            value = request.headers.get(parameter["name"])
            for finding in Draft202012Validator(parameter["schema"]).iter_errors(value):
                yield f"{parameter['name']}: {finding.message}"


def _in_body(
    described: Described, content: Json, media_type: str, body: bytes, checker: FormatChecker
) -> Iterator[str]:
    name = media_type.partition(";")[0]
    if name not in content:
        yield f"a media type that is not described: {media_type}"
        return
    if not name.endswith("json"):
        return
    validator = described.validator(content[name], checker)
    for finding in validator.iter_errors(msgspec.json.decode(body)):
        yield f"{finding.json_path}: {finding.message}"
