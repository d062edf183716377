"""Rules compiled to SQL: one condition per node, every value bound, logic of three values kept.

SQL's IN over a query is not unknown where `any` over missing data is. So a node is compiled for
the answer that is wanted: the condition is true exactly when the node comes out so, and false or
unknown otherwise. Negations go down to the clauses; a negated `any` asks that there be no related
row of which it is not certain that it does not pass.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from pyroaring import BitMap
from sqlalchemy import ARRAY, Date, Integer, and_, func, literal, not_, or_, select, true

from backend.kernel.tenancy import MunicipalityId
from groups.evaluation.areas import banded
from groups.evaluation.conditions import began, compares, is_like, is_tagged, lies_within
from groups.evaluation.placing import lies_in
from groups.evaluation.ports import Question
from groups.evaluation.queries import RELATIONS, Condition, Related, Rows, Test, among, surely
from groups.evaluation.spans import Numeric, days, spans
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
    Like,
    Node,
    Not,
    Or,
    Reference,
    Tagged,
)

Other: TypeAlias = IsNull | Like | Tagged | Intersects | InGroup
"""A clause that does not compare with values."""


@dataclass(frozen=True, slots=True)
class Compiler:
    """Writes the conditions of one question about one municipality."""

    as_of: date
    groups: Mapping[UUID, BitMap]

    @classmethod
    def of(cls, municipality: MunicipalityId, question: Question) -> "Compiler":
        """Take the day and the municipality's groups from the question."""
        groups = {
            group: members
            for (place, group), members in question.groups.items()
            if place == municipality
        }
        return cls(question.as_of, groups)

    def condition(self, node: Node, rows: Rows, *, holds: bool) -> Condition:
        """Write what is true exactly when the node is true (`holds`), or exactly when false."""
        match node:
            case And(operands) | Or(operands):
                parts = [self.condition(operand, rows, holds=holds) for operand in operands]
                return and_(*parts) if isinstance(node, And) is holds else or_(*parts)
            case Not(operand):
                return self.condition(operand, rows, holds=not holds)
            case Any():
                return self._related(node, rows, holds=holds)
            case Comparison() | Between() | In():
                return self._compared(node, rows, holds=holds)
            case _:
                return self._other(node, rows, holds=holds)

    def _related(self, node: Any, rows: Rows, *, holds: bool) -> Condition:
        related = RELATIONS[node.relation.name](rows.municipality)
        certain, possible = self._passing(node.filter, related)
        has_one = related.held(rows, related.holders(certain if holds else possible))
        return has_one if holds else not_(has_one)

    def _passing(self, node: Node | None, related: Related) -> tuple[Condition, Condition]:
        """Say of a thing that it passes the filter for certain, and that it may pass."""
        if node is None:
            return true(), true()
        passes = self.condition(node, related.things, holds=True)
        fails = self.condition(node, related.things, holds=False)
        return passes, not_(surely(fails))

    def _compared(self, clause: Numeric, rows: Rows, *, holds: bool) -> Condition:
        match clause.left:
            case Count(relation, inner):
                related = RELATIONS[relation.name](rows.municipality)
                return self._counted(clause, related, inner, rows, holds=holds)
            case AgeInYear(born):
                return self._aged(clause, born.attribute.name, rows, holds=holds)
            case Reference(attribute) as left:
                if attribute.age is not None:
                    return self._aged(clause, attribute.age.since, rows, holds=holds)
                return _tested(
                    rows, left, lambda column: compares(clause, left, column, self.as_of), holds
                )

    def _aged(self, clause: Numeric, since: str, rows: Rows, *, holds: bool) -> Condition:
        """Compare the date with bounds computed for the day."""
        wanted = days(clause, self.as_of, holds=holds)
        return rows.tested(since, lambda column: began(column, wanted))

    def _counted(
        self, clause: Numeric, related: Related, inner: Node | None, rows: Rows, *, holds: bool
    ) -> Condition:
        """Find those whose count answers so, among those who have any; who has none counts zero."""
        certain, possible = self._passing(inner, related)
        wanted = spans(clause, holds=holds)
        if any(span.has(0, 0) for span in wanted):
            others = related.counted(
                certain, possible, lambda least, most: not_(lies_within(least, most, wanted))
            )
            return not_(related.held(rows, others))
        fitting = related.counted(
            certain, possible, lambda least, most: lies_within(least, most, wanted)
        )
        return related.held(rows, fitting)

    def _other(self, clause: Other, rows: Rows, *, holds: bool) -> Condition:
        match clause:
            case IsNull():
                return self._unknown(clause, rows, holds=holds)
            case Like(left):
                return _tested(rows, left, lambda text: is_like(clause, text), holds)
            case Tagged(_, left):
                return _tested(rows, left, lambda tags: is_tagged(clause, tags), holds)
            case Intersects(_, area):
                edges = banded(area)
                return rows.placed(lambda place: lies_in(place, edges, holds=holds))
            case InGroup():
                return _wanted(self._belongs(clause, rows), holds)

    def _unknown(self, clause: IsNull, rows: Rows, *, holds: bool) -> Condition:
        attribute = clause.left.attribute
        if attribute.age is None:
            known = rows.tested(attribute.name, lambda column: column.is_not(None))
        else:
            today = literal(self.as_of, Date())
            known = rows.tested(attribute.age.since, lambda since: since <= today)
        return not_(surely(known)) if holds else known

    def _belongs(self, clause: InGroup, rows: Rows) -> Condition:
        if rows.slot is None:
            raise KeyError("only residents belong to groups")
        members = self.groups.get(clause.group_id, BitMap()).to_array()
        return among(rows.slot, select(func.unnest(literal(list(members), ARRAY(Integer())))))


def _wanted(condition: Condition, holds: bool) -> Condition:  # noqa: FBT001 - one of two answers
    return condition if holds else not_(condition)


def _tested(
    rows: Rows,
    left: Reference,
    test: Test,
    holds: bool,  # noqa: FBT001 - one of two answers
) -> Condition:
    """Test an attribute; to fold a text takes long, so that each is folded once."""
    tested = rows.tested_once_each if left.folded else rows.tested
    return tested(left.attribute.name, lambda column: _wanted(test(column), holds))
