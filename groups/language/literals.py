"""Literals of a rule, read as the attribute's type asks."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date

from groups.language.durations import MOST_YEARS, is_within_reach, read_duration
from groups.language.errors import FaultCode
from groups.language.spots import Json, Spot
from groups.language.things import Attribute, ValueType
from groups.language.tree import RelativeDay, Value

LARGEST_INTEGER = 2**31 - 1
NOT_TEXT = frozenset({"Cc", "Cs", "Cn"})
"""Unicode categories that no name has: control characters, lone surrogates, unassigned."""
ENDS_IN_ESCAPE = re.compile(r"(?:[^\\]|\\.)*\\", re.DOTALL)


def read_integer(payload: Json, attribute: Attribute, spot: Spot) -> int:
    """Read a whole number in the attribute's range; 3.0 and true are not whole numbers.

    Raises:
        Refused: the fault is noted.
    """
    if isinstance(payload, bool) or not isinstance(payload, int):
        raise spot.refused(FaultCode.WRONG_TYPE, "integer expected")
    highest = attribute.age.highest if attribute.age else attribute.highest
    lowest = -LARGEST_INTEGER if highest is None else 0
    highest = LARGEST_INTEGER if highest is None else highest
    if not lowest <= payload <= highest:
        raise spot.refused(FaultCode.OUT_OF_RANGE, f"{lowest} to {highest}")
    return payload


def read_text(payload: Json, attribute: Attribute, spot: Spot) -> str:
    """Read a text of the attribute's list or form, where it has one.

    Raises:
        Refused: the fault is noted.
    """
    composed = _composed(payload, spot)
    if attribute.choices and composed not in {choice.value for choice in attribute.choices}:
        raise spot.refused(FaultCode.UNKNOWN_VALUE, composed)
    if attribute.pattern and not re.fullmatch(attribute.pattern, composed):
        raise spot.refused(FaultCode.WRONG_FORM, attribute.pattern)
    return composed


def read_folded(payload: Json, _attribute: Attribute, spot: Spot) -> str:
    """Read a text that is compared folded, so that its form is not asked for.

    Raises:
        Refused: the fault is noted.
    """
    return _composed(payload, spot)


def read_pattern(payload: Json, _attribute: Attribute, spot: Spot) -> str:
    """Read a pattern of `like`; an escape has to escape something.

    Raises:
        Refused: the fault is noted.
    """
    composed = _composed(payload, spot)
    if ENDS_IN_ESCAPE.fullmatch(composed):
        raise spot.refused(FaultCode.WRONG_FORM, "ends in \\")
    return composed


def read_day(payload: Json, _attribute: Attribute, spot: Spot) -> date | RelativeDay:
    """Read CQL2's {"date": "2020-02-29"}, or {"op": "today", "args": ["-P90D"]}.

    Raises:
        Refused: the fault is noted.
    """
    if isinstance(payload, dict) and payload.get("op") == "today":
        return _relative_day(payload, spot)
    if not isinstance(payload, dict) or list(payload) != ["date"]:
        raise spot.refused(FaultCode.WRONG_TYPE, '{"date": "YYYY-MM-DD"} or today() expected')
    written = payload["date"]
    try:
        day = date.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        day = None
    if day is None or day.isoformat() != written:  # Python reads 20200229 and 2020-W09-6 too
        raise spot.below("date").refused(FaultCode.WRONG_TYPE, "YYYY-MM-DD expected")
    return day


def read_value(payload: Json, attribute: Attribute, spot: Spot) -> Value:
    """Read one value for the attribute.

    Raises:
        Refused: its type, range or list forbids it; the fault is noted.
    """
    return READERS[attribute.type](payload, attribute, spot)


def _composed(payload: Json, spot: Spot) -> str:
    """Take a text composed (NFC), as the registry's texts are."""
    if not isinstance(payload, str):
        raise spot.refused(FaultCode.WRONG_TYPE, "text expected")
    if not payload.strip() or any(unicodedata.category(sign) in NOT_TEXT for sign in payload):
        raise spot.refused(FaultCode.UNSUPPORTED_TEXT)
    return unicodedata.normalize("NFC", payload)


def _relative_day(payload: dict[str, Json], spot: Spot) -> RelativeDay:
    spot.note_others(payload, "op", "args")
    match payload.get("args"):
        case []:
            return RelativeDay()
        case [str() as written]:
            moved = read_duration(written)
        case [_]:
            moved = None
        case _:
            raise spot.below("args").refused(FaultCode.WRONG_ARGUMENT_COUNT, "0 or 1 expected")
    if moved is None:
        raise spot.argument(0).refused(FaultCode.WRONG_FORM, "such as -P90D expected")
    if not is_within_reach(moved):
        raise spot.argument(0).refused(FaultCode.OUT_OF_RANGE, f"at most {MOST_YEARS} years")
    return moved


READERS: Mapping[ValueType, Callable[[Json, Attribute, Spot], Value]] = {
    ValueType.INTEGER: read_integer,
    ValueType.STRING: read_text,
    ValueType.TAGS: read_text,
    ValueType.DATE: read_day,
}
