"""The table of settings: type, default and meaning of every variable."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from backend.kernel.settings.declaration import Declared
from backend.kernel.settings.load import admits_none, every_variable, plain_type

KINDS: dict[object, str] = {int: "whole number", bool: "true or false", str: "text", Path: "path"}


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One line of the table; secrets' development values are not shown."""

    name: str
    kind: str
    default: str
    meaning: str


def describe_settings() -> list[SettingRow]:
    """Describe every setting in the order of concerns."""
    return [_row(declared) for declared in every_variable()]


def settings_markdown() -> str:
    """Write the table as Markdown, as the README holds it."""
    head = "| variable | type | default | meaning |\n|---|---|---|---|\n"
    rows = (
        f"| `{row.name}` | {row.kind} | {row.default} | {row.meaning} |\n"
        for row in describe_settings()
    )
    return head + "".join(rows)


def _row(declared: Declared) -> SettingRow:
    return SettingRow(
        name=declared.variable.name,
        kind=declared.variable.form or _kind(declared.annotation),
        default=_default(declared),
        meaning=declared.variable.meaning,
    )


def _kind(annotation: object) -> str:
    kind = plain_type(annotation)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return " or ".join(kind)
    return KINDS[kind]


def _default(declared: Declared) -> str:
    variable = declared.variable
    nothing = "unset" if admits_none(declared.annotation) else "must be set"
    usual = variable.default or nothing
    if variable.development is None:
        return usual
    shown = "a fixed one" if variable.is_secret else variable.development
    return f"{usual}; in development {shown}"
