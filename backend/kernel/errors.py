"""Refusals: what a use case raises when it declines, told by kind and stable code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from typing_extensions import override


class Kind(StrEnum):
    """How a refusal looks to the caller; mapped to an HTTP status in one place."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    GONE = "gone"
    TOO_LARGE = "too_large"
    PRECONDITION = "precondition"
    LIMITED = "limited"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True)
class Text:
    """One text for people, in Latvian and in English."""

    lv: str
    en: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in the caller's input: `pointer` is an RFC 6901 JSON Pointer into the body."""

    pointer: str
    code: str
    detail: str


class DomainError(Exception):
    """A refusal with a public, stable code; subclasses declare kind and titles.

    `titles` maps each code to its localised title; codes are never renamed.
    `constraints` maps a database constraint's name to the code that its violation means.
    """

    kind: ClassVar[Kind]
    titles: ClassVar[Mapping[str, Text]]
    constraints: ClassVar[Mapping[str, str]] = {}
    by_constraint: ClassVar[dict[str, tuple[type["DomainError"], str]]] = {}

    @override
    def __init_subclass__(cls) -> None:
        """Register which constraints of the database this refusal stands for."""
        super().__init_subclass__()
        for name, code in cls.constraints.items():
            DomainError.by_constraint[name] = (cls, code)

    def __init__(
        self,
        code: str | None = None,
        *,
        detail: str | None = None,
        faults: Sequence[Fault] = (),
        retry_after_seconds: int | None = None,
    ) -> None:
        """Refuse with `code` (may be left out where the class has only one)."""
        self.code = str(code) if code is not None else str(next(iter(self.titles)))
        if self.code not in self.titles:
            raise ValueError(f"{type(self).__name__} does not declare the code {self.code}")
        super().__init__(self.code)
        self.detail = detail
        self.faults = tuple(faults)
        self.retry_after_seconds = retry_after_seconds

    @property
    def title(self) -> Text:
        """The refusal's title for people."""
        return self.titles[self.code]


class TryAgain(DomainError):
    """The database asked for a new try (deadlock, serialization, lock time-out); nothing changed."""

    kind = Kind.UNAVAILABLE
    titles: ClassVar[Mapping[str, Text]] = {
        "try_again": Text(lv="Mēģiniet vēlreiz", en="Please try again")
    }


class InvalidInput(DomainError):
    """The request does not have the form that the contract asks for."""

    kind = Kind.INVALID
    titles: ClassVar[Mapping[str, Text]] = {
        "invalid_input": Text(lv="Ievade nav derīga", en="The input is not valid")
    }
