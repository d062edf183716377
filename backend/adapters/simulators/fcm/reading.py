"""Reading a request by its schema, with violations worded as Google words them."""

import re
from collections.abc import Callable, Mapping

from backend.adapters.simulators.fcm.refusals import Violation
from backend.adapters.simulators.fcm.schema import Choice, Kind, Members
from backend.adapters.simulators.objects import Json, is_list, is_object

_DURATION = re.compile(r"\d{1,12}(\.\d{1,9})?s")
_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")
_CAPITAL = re.compile(r"(?<=[a-z0-9])[A-Z]")


class Reader:
    """Copies a JSON object member by member, gathering what does not fit the schema."""

    def __init__(self) -> None:
        """Start without violations."""
        self.violations: list[Violation] = []

    def read(self, value: Json, members: Members, path: str = "") -> dict[str, object]:
        """Give the object with snake_case names, without the members that do not fit."""
        fitting: dict[str, object] = {}
        for given, content in value.items():
            name = given if given in members else _snake(given)
            where = f"{path}.{name}" if path else name
            wanted = members.get(name)
            if wanted is None:
                self._unknown(given, path)
            elif isinstance(wanted, Mapping):
                if is_object(content):
                    fitting[name] = self.read(content, wanted, where)
                else:
                    self._misfit(where, "TYPE_MESSAGE", content)
            elif _fits(wanted, content):
                fitting[name] = content
            else:
                self._misfit(where, _type_name(wanted), content)
        return fitting

    def _unknown(self, name: str, path: str) -> None:
        at = f" at '{path}'" if path else ""
        text = f'Invalid JSON payload received. Unknown name "{name}"{at}: Cannot find field.'
        self.violations.append(Violation(path, text))

    def _misfit(self, where: str, type_name: str, content: object) -> None:
        shown = f'"{content}"' if isinstance(content, str) else str(content)
        text = f"Invalid value at '{where}' ({type_name}), {shown[:80]}"
        self.violations.append(Violation(where, text))


def _is_duration(value: object) -> bool:
    return isinstance(value, str) and _DURATION.fullmatch(value) is not None


def _is_string_map(value: object) -> bool:
    return is_object(value) and all(isinstance(text, str) for text in value.values())


_FITS: Mapping[Kind, Callable[[object], bool]] = {
    Kind.STRING: lambda value: isinstance(value, str),
    Kind.BOOL: lambda value: isinstance(value, bool),
    Kind.INTEGER: lambda value: isinstance(value, int) and not isinstance(value, bool),
    Kind.STRINGS: lambda value: is_list(value) and all(isinstance(v, str) for v in value),
    Kind.STRING_MAP: _is_string_map,
    Kind.DURATION: _is_duration,
    Kind.DURATIONS: lambda value: is_list(value) and all(_is_duration(v) for v in value),
    Kind.TIMESTAMP: lambda value: isinstance(value, str) and bool(_TIMESTAMP.fullmatch(value)),
    Kind.FREE: lambda value: value is not None,
}


def _fits(wanted: Kind | Choice, content: object) -> bool:
    if isinstance(wanted, Choice):
        return isinstance(content, str) and content.upper() in wanted.words
    return _FITS[wanted](content)


def _type_name(wanted: Kind | Choice) -> str:
    return wanted.value if isinstance(wanted, Kind) else "TYPE_ENUM"


def _snake(name: str) -> str:
    return _CAPITAL.sub(lambda capital: f"_{capital.group()}", name).lower()
