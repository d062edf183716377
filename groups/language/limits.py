"""How large a rule may be."""

import json

from groups.language.errors import FaultCode
from groups.language.spots import Json, Spot

MAX_DEPTH = 12
MAX_OPERANDS = 50
MAX_VALUES = 500
MAX_VERTICES = 2_000
MAX_BYTES = 16_000
"""Of the rule as compact JSON without the coordinates of its areas, which the vertices bound."""

MAX_FAULTS = 1_000
"""What is told of a refused rule: more are of no use to anyone."""

VERTEX_BYTES = 64
"""No position takes more: two numbers of at most 25 signs."""


def measured(payload: object, spot: Spot) -> Json:
    """Refuse what is too long, or nested too deep even to be written; give plain JSON.

    Raises:
        Refused: the fault is noted.
    """
    try:
        text = _written(payload)
    except RecursionError:
        raise spot.refused(FaultCode.TOO_DEEP, f"at most {MAX_DEPTH}") from None
    document: Json = json.loads(text)
    drawn = _bytes_of_coordinates(document)
    if _size(text) - drawn > MAX_BYTES or drawn > MAX_VERTICES * VERTEX_BYTES:
        raise spot.refused(FaultCode.TOO_LARGE, f"at most {MAX_BYTES} bytes")
    return document


def check_depth(spot: Spot) -> None:
    """Refuse an expression that lies too deep.

    Raises:
        Refused: the fault is noted.
    """
    if spot.depth > MAX_DEPTH:
        raise spot.refused(FaultCode.TOO_DEEP, f"at most {MAX_DEPTH}")


def _bytes_of_coordinates(document: Json) -> int:
    """Add up what the coordinates of all geometries take."""
    total = 0
    waiting = [document]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if "type" in part and "coordinates" in part:
                total += _size(_written(part["coordinates"]))
            waiting.extend(part[name] for name in part if name != "coordinates")
        elif isinstance(part, list):
            waiting.extend(part)
    return total


def _written(payload: object) -> str:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
