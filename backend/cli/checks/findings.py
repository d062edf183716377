"""What a check finds: a state, what was seen, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a part stands; only `failed` keeps the product from working."""

    OK = "ok"
    OFF = "off"
    DEGRADED = "degraded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One part's state; `advice` says what to do unless all is well."""

    part: str
    state: State
    seen: str
    advice: str = ""


def ok(part: str, seen: str) -> Finding:
    """Find a part well."""
    return Finding(part, State.OK, seen)


def off(part: str, advice: str) -> Finding:
    """Find a part not configured, which is allowed."""
    return Finding(part, State.OFF, "not configured", advice)


def degraded(part: str, seen: str, advice: str) -> Finding:
    """Find a part missing that the product can do without for a time."""
    return Finding(part, State.DEGRADED, seen, advice)


def failed(part: str, seen: str, advice: str) -> Finding:
    """Find a part missing that the product cannot do without."""
    return Finding(part, State.FAILED, seen, advice)
