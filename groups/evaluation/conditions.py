"""What one clause asks of a column, written as SQL: every value bound, nothing of a rule quoted."""

from collections.abc import Callable, Mapping
from datetime import date
from operator import eq, ge, gt, le, lt, ne

from sqlalchemy import (
    ARRAY,
    Date,
    Integer,
    Text,
    and_,
    any_,
    false,
    func,
    literal,
    or_,
)

from groups.evaluation.queries import Column, Condition
from groups.evaluation.rules import relative_day
from groups.evaluation.spans import Days, Numeric, Span
from groups.language.folding import CAPITALS, SMALL, fold
from groups.language.things import Operator, ValueType
from groups.language.tree import (
    Between,
    Comparison,
    In,
    Like,
    Reference,
    RelativeDay,
    Tagged,
    Value,
)
from groups.registry.rules import REACH

BoundType = Integer | Text | Date
TYPES: Mapping[ValueType, BoundType] = {
    ValueType.INTEGER: Integer(),
    ValueType.STRING: Text(),
    ValueType.DATE: Date(),
}
"""How values are bound; not as the column's own type, which may cut a text to its length."""

COMPARE: Mapping[Operator, Callable[[Column, Column], Condition]] = {
    Operator.EQUAL: eq,
    Operator.NOT_EQUAL: ne,
    Operator.LESS: lt,
    Operator.AT_MOST: le,
    Operator.GREATER: gt,
    Operator.AT_LEAST: ge,
}


def compares(clause: Numeric, reference: Reference, column: Column, as_of: date) -> Condition:
    """Compare a column with the values of a clause; unknown where the column is."""
    type_ = TYPES[reference.attribute.type]
    if reference.folded:
        column = folded(column)

    def bound(value: Value) -> Column:
        return literal(_plain(value, as_of, folds=reference.folded), type_)

    match clause:
        case Comparison():
            return COMPARE[clause.operator](column, bound(clause.right))
        case Between():
            return column.between(bound(clause.lower), bound(clause.upper))
        case In():
            values = [_plain(value, as_of, folds=reference.folded) for value in clause.values]
            return column == any_(literal(values, ARRAY(type_)))


def _plain(value: Value, as_of: date, *, folds: bool) -> int | str | date:
    if isinstance(value, RelativeDay):
        return relative_day(as_of, value)
    return fold(value) if folds and isinstance(value, str) else value


def folded(column: Column) -> Column:
    """Make the capitals of a text small."""
    return func.translate(column, literal(CAPITALS, Text()), literal(SMALL, Text()))


def is_like(clause: Like, column: Column) -> Condition:
    """Compare a text with a pattern; unknown where the text is."""
    if clause.left.folded:
        return folded(column).like(literal(fold(clause.pattern), Text()))
    return column.like(literal(clause.pattern, Text()))


def is_tagged(clause: Tagged, column: Column) -> Condition:
    """Compare tags with words: a closed list of them is kept as bits, others as the words."""
    if not clause.left.attribute.choices:
        words = literal(list(clause.words), ARRAY(Text()))
        return column.bool_op("@>" if clause.operator is Operator.CONTAINS else "&&")(words)
    bits = literal(sum({REACH[word] for word in clause.words}), Integer())
    common = column.bitwise_and(bits)
    return common == bits if clause.operator is Operator.CONTAINS else common != 0


def began(since: Column, days: tuple[Days, ...]) -> Condition:
    """Say whether a date is among the days; unknown where the date is."""
    return or_(false(), *(_on(since, each) for each in days))


def _on(since: Column, days: Days) -> Condition:
    until = since <= literal(days.until, Date())
    return until if days.after is None else and_(since > literal(days.after, Date()), until)


def lies_within(least: Column, most: Column, wanted: tuple[Span, ...]) -> Condition:
    """Say whether one span has all the numbers from `least` to `most`."""
    return or_(
        false(),
        *(
            least >= span.first
            if span.last is None
            else and_(least >= span.first, most <= span.last)
            for span in wanted
        ),
    )
