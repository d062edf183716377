"""Rules compiled to SQL: one condition per node, every value bound, logic of three values kept.

SQL's IN over a query is not unknown where `any` over missing data is. So a node is compiled for
the answer that is wanted: the condition is true exactly when the node comes out so, and false or
unknown otherwise. Negations go down to the clauses; a negated `any` asks that there be no related
row of which it is not certain that it does not pass.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import eq, ge, gt, le, lt, ne
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Select,
    Text,
    and_,
    any_,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)
from typing_extensions import override

from backend.kernel.db import ReadSession
from backend.kernel.tenancy import MunicipalityId
from groups.evaluation.ports import Evaluator
from groups.evaluation.queries import PATHS, Column, Condition, Scope, among, residents, surely
from groups.evaluation.rules import latest_start
from groups.evaluation.spans import Span, spans
from groups.language.things import Age, Operator, ValueType
from groups.language.tree import And, Any, Between, Comparison, In, IsNull, Node, Not, Or

BoundType = Integer | Text | Date | Boolean
TYPES: Mapping[ValueType, BoundType] = {
    ValueType.INTEGER: Integer(),
    ValueType.STRING: Text(),
    ValueType.DATE: Date(),
    ValueType.BOOLEAN: Boolean(),
}
"""How values are bound; not as the column's own type, which may cut a text to its length."""

SET_MEMORY = select(func.set_config("work_mem", "256MB", true()))
"""Until the transaction ends, sets of ids may take this much: enough for two million of them.

A set that PostgreSQL expects to be larger it does not hash but searches row by row: 600,000
residents then take minutes instead of a second. It is a limit; a small set takes little.
"""

COMPARE = {
    Operator.EQUAL: eq,
    Operator.NOT_EQUAL: ne,
    Operator.LESS: lt,
    Operator.AT_MOST: le,
    Operator.GREATER: gt,
    Operator.AT_LEAST: ge,
}


class SqlEvaluator(Evaluator):
    """Evaluates rules in PostgreSQL over the registry's tables."""

    @override
    async def count(
        self, session: ReadSession, municipality: MunicipalityId, rule: Node, as_of: date
    ) -> int:
        await make_room(session)
        members = selection(municipality, rule, as_of).subquery()
        return await session.scalar(select(func.count()).select_from(members)) or 0

    @override
    async def members(
        self, session: ReadSession, municipality: MunicipalityId, rule: Node, as_of: date
    ) -> Sequence[UUID]:
        await make_room(session)
        statement = selection(municipality, rule, as_of)
        return (await session.scalars(statement.order_by(statement.selected_columns[0]))).all()


async def make_room(session: ReadSession) -> None:
    """Let this transaction keep sets of ids in memory; see `SET_MEMORY`."""
    await session.execute(SET_MEMORY)


def selection(municipality: MunicipalityId, rule: Node, as_of: date) -> Select[UUID]:
    """Select the ids of the residents whom the rule holds for, in no order.

    For statements that write them in place, such as INSERT FROM SELECT, after `make_room`.
    """
    scope = residents(municipality)
    return scope.passing(_Compiler(as_of).condition(rule, scope, holds=True))


@dataclass(frozen=True, slots=True)
class _Compiler:
    as_of: date

    def condition(self, node: Node, scope: Scope, *, holds: bool) -> Condition:
        """Write what is true exactly when the node is true (`holds`), or exactly when false."""
        match node:
            case And(operands) | Or(operands):
                parts = [self.condition(operand, scope, holds=holds) for operand in operands]
                return and_(*parts) if isinstance(node, And) is holds else or_(*parts)
            case Not(operand):
                return self.condition(operand, scope, holds=not holds)
            case Any():
                return self.related(node, scope, holds=holds)
            case IsNull():
                return self.unknown(node, scope, holds=holds)
            case _:
                return scope.tested(*self.test(node, holds=holds))

    def related(self, node: Any, scope: Scope, *, holds: bool) -> Condition:
        path = PATHS[node.relation.name]
        end = path.end(scope.municipality)
        if node.filter is None:
            passes: Condition = true()
        elif holds:
            passes = self.condition(node.filter, end, holds=True)
        else:
            passes = not_(surely(self.condition(node.filter, end, holds=False)))
        has_one = among(scope.key, path.holders(end, passes))
        return has_one if holds else not_(has_one)

    def unknown(self, clause: IsNull, scope: Scope, *, holds: bool) -> Condition:
        age = clause.left.attribute.age
        if age is None:
            known = scope.tested(clause.left.attribute.name, lambda column: column.is_not(None))
        else:
            known = scope.tested(age.since, lambda since: since <= literal(self.as_of, Date()))
        return not_(surely(known)) if holds else known

    def test(
        self, clause: Comparison | Between | In, *, holds: bool
    ) -> tuple[str, Callable[[Column], Condition]]:
        """Name the column to look at, and what must be true of it."""
        attribute = clause.left.attribute
        age = attribute.age
        if age is None:
            return attribute.name, lambda column: _plain(clause, column, holds=holds)
        wanted = spans(clause, holds=holds)
        return age.since, lambda since: or_(
            false(), *(self.within(span, age, since) for span in wanted)
        )

    def within(self, span: Span, age: Age, since: Column) -> Condition:
        """Compare the date with bounds computed for the day."""
        begun = since <= self.start(span.first, age)
        return begun if span.last is None else and_(begun, since > self.start(span.last + 1, age))

    def start(self, units: int, age: Age) -> ColumnElement[date]:
        return literal(latest_start(units * age.months, self.as_of), Date())


def _plain(clause: Comparison | Between | In, column: Column, *, holds: bool) -> Condition:
    condition = _positive(clause, column, TYPES[clause.left.attribute.type])
    return condition if holds else not_(condition)


def _positive(clause: Comparison | Between | In, column: Column, type_: BoundType) -> Condition:
    match clause:
        case Comparison():
            condition: Condition = COMPARE[clause.operator](column, literal(clause.right, type_))
            return condition
        case Between():
            return column.between(literal(clause.lower, type_), literal(clause.upper, type_))
        case In():
            return column == any_(literal(list(clause.values), ARRAY(type_)))
