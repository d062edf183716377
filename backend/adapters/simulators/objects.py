"""Looking into decoded JSON whose shape is not known."""

from collections.abc import Mapping
from typing import TypeGuard

Json = Mapping[str, object]


def is_object(value: object) -> TypeGuard[Json]:
    """Tell whether a decoded JSON value is an object."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[object]]:
    """Tell whether a decoded JSON value is an array."""
    return isinstance(value, list)


def member(of: Json, name: str) -> Json:
    """Give a member that is an object, empty when it is absent."""
    value = of.get(name)
    return value if is_object(value) else {}


def text(of: Json, name: str) -> str:
    """Give a member that is text, empty when it is absent."""
    value = of.get(name)
    return value if isinstance(value, str) else ""
