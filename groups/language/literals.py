"""Literals of a rule, read as the attribute's type asks."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date

from groups.language.errors import FaultCode
from groups.language.spots import Json, Spot
from groups.language.things import Attribute, ValueType
from groups.language.tree import Value

LARGEST_INTEGER = 2**31 - 1
NOT_TEXT = frozenset({"Cc", "Cs", "Cn"})
"""Unicode categories that no name has: control characters, lone surrogates, unassigned."""


def read_integer(payload: Json, attribute: Attribute, spot: Spot) -> int:
    """Read a whole number in the attribute's range; 3.0 and true are not whole numbers."""
    if isinstance(payload, bool) or not isinstance(payload, int):
        raise spot.refused(FaultCode.WRONG_TYPE, "integer expected")
    lowest, highest = -LARGEST_INTEGER, LARGEST_INTEGER
    if attribute.age is not None:
        lowest, highest = 0, attribute.age.highest
    if not lowest <= payload <= highest:
        raise spot.refused(FaultCode.OUT_OF_RANGE, f"{lowest} to {highest}")
    return payload


def read_text(payload: Json, attribute: Attribute, spot: Spot) -> str:
    """Read a text, composed (NFC) as the registry's texts are, of the list where there is one."""
    if not isinstance(payload, str):
        raise spot.refused(FaultCode.WRONG_TYPE, "text expected")
    if not payload.strip() or any(unicodedata.category(sign) in NOT_TEXT for sign in payload):
        raise spot.refused(FaultCode.UNSUPPORTED_TEXT)
    composed = unicodedata.normalize("NFC", payload)
    if attribute.choices and composed not in {choice.value for choice in attribute.choices}:
        raise spot.refused(FaultCode.UNKNOWN_VALUE, composed)
    if attribute.pattern and not re.fullmatch(attribute.pattern, composed):
        raise spot.refused(FaultCode.WRONG_FORM, attribute.pattern)
    return composed


def read_date(payload: Json, _attribute: Attribute, spot: Spot) -> date:
    """Read CQL2's {"date": "2020-02-29"}."""
    if not isinstance(payload, dict) or list(payload) != ["date"]:
        raise spot.refused(FaultCode.WRONG_TYPE, '{"date": "YYYY-MM-DD"} expected')
    written = payload["date"]
    try:
        day = date.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        day = None
    if day is None or day.isoformat() != written:  # Python reads 20200229 and 2020-W09-6 too
        raise spot.below("date").refused(FaultCode.WRONG_TYPE, "YYYY-MM-DD expected")
    return day


def read_boolean(payload: Json, _attribute: Attribute, spot: Spot) -> bool:
    """Read true or false."""
    if not isinstance(payload, bool):
        raise spot.refused(FaultCode.WRONG_TYPE, "true or false expected")
    return payload


READERS: Mapping[ValueType, Callable[[Json, Attribute, Spot], Value]] = {
    ValueType.INTEGER: read_integer,
    ValueType.STRING: read_text,
    ValueType.DATE: read_date,
    ValueType.BOOLEAN: read_boolean,
}


def read_value(payload: Json, attribute: Attribute, spot: Spot) -> Value:
    """Read one value for the attribute.

    Raises:
        Refused: its type, range or list forbids it; the fault is noted.
    """
    return READERS[attribute.type](payload, attribute, spot)
