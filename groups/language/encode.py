"""From the tree back to CQL2-JSON, always written the same way."""

import json
from datetime import date

from groups.language.spots import Json
from groups.language.tree import (
    And,
    Any,
    Between,
    Comparison,
    In,
    IsNull,
    Leaf,
    Node,
    Not,
    Or,
    Reference,
    Value,
)


def encode(rule: Node) -> Json:
    """Write a rule as plain JSON values; decoding them gives an equal tree."""
    match rule:
        case And(operands):
            return _call("and", *(encode(operand) for operand in operands))
        case Or(operands):
            return _call("or", *(encode(operand) for operand in operands))
        case Not(operand):
            return _call("not", encode(operand))
        case Any(relation, inner):
            filters = () if inner is None else (encode(inner),)
            return _call("any", {"property": relation.name}, *filters)
        case _:
            return _leaf(rule)


def canonical(rule: Node) -> bytes:
    """Write a rule as its canonical text: UTF-8, no spaces, members in one order."""
    return json.dumps(
        encode(rule), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()


def _leaf(clause: Leaf) -> Json:
    left = _reference(clause.left)
    match clause:
        case Comparison():
            return _call(clause.operator.value, left, _value(clause.right))
        case Between():
            return _call("between", left, clause.lower, clause.upper)
        case In():
            return _call("in", left, [_value(value) for value in clause.values])
        case IsNull():
            return _call("isNull", left)


def _call(operator: str, *arguments: Json) -> Json:
    return {"op": operator, "args": list(arguments)}


def _reference(reference: Reference) -> Json:
    return {"property": reference.attribute.name}


def _value(value: Value) -> Json:
    return {"date": value.isoformat()} if isinstance(value, date) else value
