"""Makes generated JSON Schemas plain: what generators of Swift, Kotlin and Dart read well."""

import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeGuard

Json = dict[str, Any]
UNIONS = ("oneOf", "anyOf")
EMPTY: Mapping[str, object] = {"deprecated": False, "headers": {}, "required": []}
"""Keywords that say nothing when they have this value."""

NAME = re.compile(r"[A-Z][A-Za-z0-9]*")


def tidied(node: Json) -> Json:
    """Rewrite one object of an API description, and all below it."""
    kept = {key: _tidied(key, value) for key, value in node.items() if not _is_empty(key, value)}
    for union in UNIONS:
        if _is_list(kept.get(union)):
            kept = _plain_union(kept, union)
    if "type" not in kept and _are_strings(kept.get("enum")):
        kept["type"] = "string"
    return kept


def with_named_parts(schema: Json, components: Json) -> Json:
    """Move every titled object and enumeration below `schema` to `components`, and refer to it.

    Raises:
        ValueError: two different schemas have the same title.
    """
    moved = _over_schemas(schema, lambda part: with_named_parts(part, components))
    title: object = moved.get("title")
    if not (isinstance(title, str) and NAME.fullmatch(title)):
        return moved
    if not ("properties" in moved or "enum" in moved):
        return moved
    if components.setdefault(title, moved) != moved:
        raise ValueError(f"two schemas are called {title}")
    return {"$ref": f"#/components/schemas/{title}"}


def with_formats(schema: Json, other: Json) -> Json:
    """Give `schema` the formats that `other`, which describes the same, knows besides."""
    filled = {
        key: with_formats(value, other[key])
        if _is_object(value) and _is_object(other.get(key))
        else value
        for key, value in schema.items()
    }
    if "type" in schema and isinstance(other.get("format"), str):
        filled.setdefault("format", other["format"])
    return filled


def _is_object(value: object) -> TypeGuard[Json]:
    return isinstance(value, dict)


def _is_list(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def _are_strings(value: object) -> bool:
    return _is_list(value) and all(isinstance(member, str) for member in value)


def _is_empty(key: str, value: object) -> bool:
    if key == "default" and value is None:
        return True
    return key in EMPTY and EMPTY[key] == value


def _tidied(key: str, value: object) -> object:
    if key == "description" and isinstance(value, str):
        return inspect.cleandoc(value)
    if _is_list(value):
        return [_tidied("", item) for item in value]
    if not _is_object(value):
        return value
    if key in {"properties", "schemas"}:  # its keys are names, not keywords
        return {name: tidied(schema) for name, schema in value.items()}
    return tidied(value)


def _plain_union(node: Json, union: str) -> Json:
    """Write a union with null as a list of types, and one of a single member as that member."""
    members: list[Json] = [member for member in node[union] if member != {"type": "null"}]
    if len(members) != 1:
        return node
    (member,) = members
    rest = {key: value for key, value in node.items() if key != union}
    if len(node[union]) == 1:
        return member | rest
    if "title" in member or not isinstance(member.get("type"), str):
        return node
    nullable: Json = {"type": [member["type"], "null"]}
    if "enum" in member:
        nullable["enum"] = [*member["enum"], None]
    return member | nullable | rest


def _over_schemas(node: Json, change: Callable[[Json], Json]) -> Json:
    changed = dict(node)
    for key, value in node.items():
        if key == "properties" and _is_object(value):
            changed[key] = {name: change(schema) for name, schema in value.items()}
        elif key in {"items", "additionalProperties"} and _is_object(value):
            changed[key] = change(value)
        elif key in {*UNIONS, "allOf"} and _is_list(value):
            changed[key] = [change(member) for member in value]
    return changed
