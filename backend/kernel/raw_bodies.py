"""How the API description shows bodies that are read raw, because their bytes are signed."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from litestar.openapi.spec import OpenAPIMediaType, RequestBody, Schema
from msgspec import Struct
from typing_extensions import override

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


def body_of(form: type[Struct], media_types: Iterable[str]) -> RequestBody:
    """Describe a body that is read as `form`."""
    (root,), definitions = msgspec.json.schema_components((form,))
    schema = InlineSchema(_inlined(root, definitions))
    media = {name: OpenAPIMediaType(schema=schema) for name in sorted(media_types)}
    return RequestBody(content=media, required=True)


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
