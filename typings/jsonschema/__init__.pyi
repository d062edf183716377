from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

_Check = TypeVar("_Check", bound=Callable[[object], bool])

class ValidationError(Exception):
    message: str
    @property
    def json_path(self) -> str: ...

class FormatChecker:
    def __init__(self, formats: Iterable[str] | None = None) -> None: ...
    def checks(
        self, format: str, raises: type[Exception] | tuple[type[Exception], ...] = ()
    ) -> Callable[[_Check], _Check]: ...

class Draft202012Validator:
    def __init__(
        self, schema: Mapping[str, Any], *, format_checker: FormatChecker | None = None
    ) -> None: ...
    def iter_errors(self, instance: object) -> Iterator[ValidationError]: ...
