"""How the API description shows a body that is read raw, because its bytes are signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from typing_extensions import override

from backend.kernel.cloud_events import MEDIA_TYPES
from backend.service_cases.event_schemas import StatusEventBody

Json = dict[str, Any] | list[Any] | str | int | float | bool | None


class InlineSchema(Schema):
    """A JSON Schema that is written into the description as it is."""

    def __init__(self, content: dict[str, Any]) -> None:
        """Keep the schema's content."""
        super().__init__()
        self._content = content

    @override
    def to_schema(self) -> dict[str, Any]:
        """Give the content."""
        return self._content


@dataclass
class PostedStatusEvent(Operation):
    """The operation that takes a status event: documents the form of its body."""

    def __post_init__(self) -> None:
        """Put the body's schema in."""
        (root,), definitions = msgspec.json.schema_components((StatusEventBody,))
        schema = InlineSchema(_inlined(root, definitions))
        media = {name: OpenAPIMediaType(schema=schema) for name in sorted(MEDIA_TYPES)}
        self.request_body = RequestBody(content=media, required=True)


def _inlined(schema: Mapping[str, Json], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """Put every definition where it is referred to; the form has no cycles."""
    if isinstance(reference := schema.get("$ref"), str):
        return _inlined(definitions[reference.rpartition("/")[2]], definitions)
    return {name: _inlined_value(value, definitions) for name, value in schema.items()}


def _inlined_value(value: Json, definitions: Mapping[str, Any]) -> Json:
    if isinstance(value, dict):
        return _inlined(value, definitions)
    if isinstance(value, list):
        return [_inlined_value(item, definitions) for item in value]
    return value
