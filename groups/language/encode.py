"""From the tree back to CQL2-JSON, always written the same way."""

import json
from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

from groups.language.durations import write_duration
from groups.language.spots import Json
from groups.language.things import Operator
from groups.language.tree import (
    AgeInYear,
    And,
    Any,
    Between,
    Comparison,
    Count,
    In,
    InGroup,
    Intersects,
    IsNull,
    Left,
    Like,
    Node,
    Not,
    Or,
    Reference,
    RelativeDay,
    Tagged,
    Value,
)

Clause: TypeAlias = Comparison | Between | In | IsNull | Like | Tagged | Intersects

OPERATORS: Mapping[type[Clause], Operator] = {
    Between: Operator.BETWEEN,
    In: Operator.IN,
    IsNull: Operator.IS_NULL,
    Like: Operator.LIKE,
    Intersects: Operator.INTERSECTS,
}


def encode(rule: Node) -> Json:
    """Write a rule as plain JSON values; decoding them gives an equal tree."""
    match rule:
        case And(operands):
            return _call("and", *(encode(operand) for operand in operands))
        case Or(operands):
            return _call("or", *(encode(operand) for operand in operands))
        case Not(operand):
            return _call("not", encode(operand))
        case Any():
            return _related("any", rule)
        case InGroup(group_id):
            return _call("in_group", str(group_id))
        case _:
            return _call(_operator(rule), _left(rule.left), *_others(rule))


def canonical(rule: Node) -> bytes:
    """Write a rule as its canonical text: UTF-8, no spaces, members in one order."""
    return json.dumps(
        encode(rule), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()


def _operator(clause: Clause) -> Operator:
    match clause:
        case Comparison(operator) | Tagged(operator):
            return operator
        case _:
            return OPERATORS[type(clause)]


def _others(clause: Clause) -> tuple[Json, ...]:
    """Write the arguments after the first."""
    match clause:
        case Comparison(_, left, value) | Like(left, value):
            return (_beside(left, value),)
        case Between():
            return clause.lower, clause.upper
        case In(left, values):
            return ([_beside(left, value) for value in values],)
        case IsNull():
            return ()
        case Tagged():
            return (list(clause.words),)
        case Intersects():
            return (json.loads(clause.area.written),)


def _call(operator: str, *arguments: Json) -> Json:
    return {"op": str(operator), "args": list(arguments)}


def _related(operator: str, part: Any | Count) -> Json:
    filters = () if part.filter is None else (encode(part.filter),)
    return _call(operator, {"property": part.relation.name}, *filters)


def _left(left: Left) -> Json:
    match left:
        case Reference(attribute, folded=folded):
            named: Json = {"property": attribute.name}
            return _call("casei", named) if folded else named
        case AgeInYear(born):
            return _call("age_in_year", _left(born))
        case Count():
            return _related("count", left)


def _beside(left: Left, value: Value) -> Json:
    """Write a value as it stands beside its left: folded as that is."""
    folded = isinstance(left, Reference) and left.folded
    return _call("casei", _value(value)) if folded else _value(value)


def _value(value: Value) -> Json:
    match value:
        case RelativeDay(0, 0):
            return _call("today")
        case RelativeDay():
            return _call("today", write_duration(value))
        case date():
            return {"date": value.isoformat()}
        case _:
            return value
