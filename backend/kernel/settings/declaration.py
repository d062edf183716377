"""How a setting is declared: beside its field, with its variable, defaults and meaning."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, get_args, get_origin, get_type_hints

import msgspec
from typing_extensions import override

PREFIX = "NOVADS_"
Port = msgspec.Meta(ge=1, le=65535)
Positive = msgspec.Meta(ge=1)


class Concern(msgspec.Struct, frozen=True):
    """Base of the settings' groups; never shows its values, since many of them are secrets."""

    @override
    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable.

    `default` and `development` are written as the environment would write them; `development`
    replaces the default where NOVADS_ENV is development. None: nothing, or it must be set when
    the field's type does not admit None. A secret's development value is refused in production,
    and so is a true value of what is `development_only`.
    """

    name: str
    meaning: str
    default: str | None = None
    development: str | None = None
    is_secret: bool = False
    development_only: bool = False
    form: str = ""
    decode: Callable[[str], object] | None = None


@dataclass(frozen=True, slots=True)
class Declared:
    """A field of a concern with its annotation and its variable."""

    field: str
    annotation: object
    variable: Variable


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one variable; never holds the value."""

    variable: str
    reason: str


class SettingsError(Exception):
    """The environment holds wrong values; lists all of them."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Refuse the environment for these problems."""
        self.problems = problems
        super().__init__("; ".join(f"{each.variable}: {each.reason}" for each in problems))


def declared_in(concern: type[Concern]) -> Iterator[Declared]:
    """List the fields of a concern that a variable sets."""
    for name, annotation in get_type_hints(concern, include_extras=True).items():
        if get_origin(annotation) is Annotated:
            for mark in get_args(annotation)[1:]:
                if isinstance(mark, Variable):
                    yield Declared(name, annotation, mark)
