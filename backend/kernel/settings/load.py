"""Decode the environment into settings, or refuse it with every reason at once."""

import types
from collections.abc import Mapping
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Union, get_args, get_origin, get_type_hints

import msgspec

from backend.kernel.settings.concerns import Settings
from backend.kernel.settings.declaration import (
    PREFIX,
    Concern,
    Declared,
    Problem,
    SettingsError,
    Variable,
    declared_in,
)
from backend.kernel.settings.platform import Environment

TEST_PREFIX = "NOVADS_TEST_"
"""Variables of the test suite; the product does not read them."""


def concerns() -> dict[str, type[Concern]]:
    """Map each concern's name in `Settings` to its Struct."""
    hints = get_type_hints(Settings)
    return {
        name: kind
        for name, kind in hints.items()
        if isinstance(kind, type) and issubclass(kind, Concern)
    }


def every_variable() -> list[Declared]:
    """List all declared settings in the order of their concerns."""
    return [declared for kind in concerns().values() for declared in declared_in(kind)]


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Decode all settings; an empty value counts as unset.

    Raises:
        SettingsError: names every wrong variable with its reason, never its value.
    """
    loader = _Loader(environ)
    parts = {name: loader.concern(kind) for name, kind in concerns().items()}
    if loader.problems:
        raise SettingsError(tuple(loader.problems))
    return msgspec.convert(
        parts | {"unknown": _unknown(environ)}, Settings, from_attributes=True, strict=True
    )


class _Loader:
    """Collects values and problems of one environment."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[Problem] = []
        self.is_production = environ.get("NOVADS_ENV", "").strip().lower() == Environment.PRODUCTION

    def concern(self, kind: type[Concern]) -> Concern | None:
        """Make one concern, or None after noting what is wrong."""
        before = len(self.problems)
        values = {declared.field: self.value(declared) for declared in declared_in(kind)}
        return kind(**values) if len(self.problems) == before else None

    def value(self, declared: Declared) -> object:
        """Decode one value; a problem is noted and None given."""
        text = self.text(declared.variable)
        try:
            value = _decode(declared, text) if text is not None else None
            if value is None:
                _require_none_allowed(declared)
            elif text is not None and self.is_production:
                _refuse_development(declared.variable, text, value)
        except (ValueError, msgspec.ValidationError) as error:
            self.problems.append(Problem(declared.variable.name, str(error)))
            return None
        return value

    def text(self, variable: Variable) -> str | None:
        """Give what is set, else the default of this environment."""
        if given := self.environ.get(variable.name, "").strip():
            return given
        if variable.development is not None and not self.is_production:
            return variable.development
        return variable.default


def _require_none_allowed(declared: Declared) -> None:
    if not admits_none(declared.annotation):
        raise ValueError(f"must be set ({declared.variable.form})")


def admits_none(annotation: object) -> bool:
    """Tell whether a setting may stay unset."""
    return type(None) in get_args(base_type(annotation))


def base_type(annotation: object) -> object:
    """Give the type under `Annotated`."""
    return get_args(annotation)[0]


def plain_type(annotation: object) -> object:
    """Give the type without `Annotated` and without None."""
    base = base_type(annotation)
    if get_origin(base) in {Union, types.UnionType}:
        return next(part for part in get_args(base) if part is not type(None))
    return base


def _decode(declared: Declared, text: str) -> object:
    if declared.variable.decode is not None:
        return declared.variable.decode(text)
    kind = plain_type(declared.annotation)
    if kind is Path:
        return Path(text)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _word(kind, text)
    try:
        return msgspec.convert(text, declared.annotation, strict=False)
    except msgspec.ValidationError as error:
        raise ValueError(_readable(str(error))) from None


def _word(kind: type[StrEnum], text: str) -> StrEnum:
    try:
        return kind(text.lower())
    except ValueError:
        raise ValueError(f"must be one of: {', '.join(kind)}") from None


def _readable(reason: str) -> str:
    """Turn msgspec's words into ours: "Expected `int` >= 1" and "Expected `int`, got `str`"."""
    wanted = reason.removeprefix("Expected ").partition(", got")[0]
    return "must be " + wanted.replace("`int`", "a whole number").replace("`str`", "a text")


def _refuse_development(variable: Variable, text: str, value: object) -> None:
    if variable.is_secret and _holds_development_secret(variable, text, value):
        raise ValueError("is the development secret; production needs its own")
    if variable.development_only and value is True:
        raise ValueError("cannot be on in production")


def _holds_development_secret(variable: Variable, text: str, value: object) -> bool:
    """Compare also what was decoded: one development key in a ring is enough to refuse it."""
    if variable.development is None or variable.decode is None:
        return text == variable.development
    known = variable.decode(variable.development)
    return not _keys_in(known).isdisjoint(_keys_in(value))


def _keys_in(value: object) -> set[object]:
    return (
        set(msgspec.convert(value, dict[int, bytes]).values())
        if isinstance(value, dict)
        else {value}
    )


def _unknown(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Name the variables nothing reads, each with the nearest known name."""
    known = [declared.variable.name for declared in every_variable()]
    strangers = sorted(
        name
        for name in environ
        if name.startswith(PREFIX) and not name.startswith(TEST_PREFIX) and name not in known
    )
    return tuple(name + _suggestion(name, known) for name in strangers)


def _suggestion(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f" (did you mean {near[0]}?)" if near else ""
