"""What a benchmark finds: a figure, what was promised of it, and its rivals in the same run."""

from dataclasses import dataclass, field
from math import isfinite

from msgspec import UNSET, Struct, UnsetType


class Promise(Struct, frozen=True, rename="camel", omit_defaults=True):
    """A bound that a figure must keep; both ends are inclusive and either may be absent."""

    at_least: float | UnsetType = UNSET
    at_most: float | UnsetType = UNSET

    def __post_init__(self) -> None:
        """Refuse a promise that any figure keeps."""
        if self.at_least is UNSET and self.at_most is UNSET:
            raise ValueError("a promise needs a bound")

    def is_kept_by(self, value: float) -> bool:
        """Tell whether a value lies within the bounds."""
        above = self.at_least is UNSET or value >= self.at_least
        return above and (self.at_most is UNSET or value <= self.at_most)

    @property
    def words(self) -> str:
        """Write the bounds for people."""
        bounds = (("at least", self.at_least), ("at most", self.at_most))
        return ", ".join(f"{word} {bound:,g}" for word, bound in bounds if bound is not UNSET)


def at_least(bound: float) -> Promise:
    """Promise that a figure is not below `bound`."""
    return Promise(at_least=bound)


def at_most(bound: float) -> Promise:
    """Promise that a figure is not above `bound`."""
    return Promise(at_most=bound)


@dataclass(frozen=True, slots=True)
class Peer:
    """Another way of doing the same, or its physical limit, measured in the same run."""

    name: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; `holds` follows from value and promise, and is None without a promise."""

    figure: str
    value: float
    unit: str
    promise: Promise | None = None
    holds: bool | None = field(init=False, default=None)
    peers: tuple[Peer, ...] = ()

    def __post_init__(self) -> None:
        """Judge the value.

        Raises:
            ValueError: it is no finite number, so nothing was measured.
        """
        if not isfinite(self.value):
            raise ValueError(f"{self.figure}: {self.value} was not measured")
        if self.promise is not None:
            object.__setattr__(self, "holds", self.promise.is_kept_by(self.value))
