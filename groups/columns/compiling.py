"""Rules over columns: one mask for each node, made for the answer that is wanted.

As in the SQL evaluator a node is asked for those of whom it is true, or for those of whom it is
false; of the rest it is unknown. What is unknown in a column never passes a test of either kind.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
from pyroaring import BitMap

from groups.columns.layout import DAY_COLUMNS, NO_DAY, NO_NUMBER, NO_POINT, UNKNOWN, Column
from groups.columns.masks import coded, day_number, having, none_of, within
from groups.columns.polygons import inside
from groups.columns.population import Population, Table
from groups.evaluation.rules import relative_day
from groups.evaluation.slots import Mask, mask_of
from groups.evaluation.spans import days, spans
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
    Like,
    Node,
    Not,
    Or,
    Reference,
    RelativeDay,
    Tagged,
)
from groups.registry.rules import REACH

Numeric = Comparison | Between | In
HOUSEHOLD, CHILDREN = "household", "children"
CHANNELS = "channels"
HEAVY = (And, Or, Any, Intersects)
LATEST = NO_DAY - 1


@dataclass(frozen=True, slots=True)
class Compiler:
    """Evaluates rules over one population on one civil day.

    `groups` are the members of the groups that rules refer to; a group that is absent has none.
    """

    population: Population
    as_of: date
    groups: Mapping[UUID, BitMap]

    def mask(self, node: Node, table: Table | None = None, *, holds: bool = True) -> Mask:
        """Mark the rows of the table of which the node is true, or false; the mask is the taker's.

        Without a table, the residents.
        """
        table = self.population.residents if table is None else table
        match node:
            case And(operands) | Or(operands):
                all_of = isinstance(node, And) is holds
                return self._combined(operands, table, holds=holds, all_of=all_of)
            case Not(operand):
                return self.mask(operand, table, holds=not holds)
            case Any():
                return self._any(node, holds=holds)
            case InGroup(group_id):
                found = mask_of(self.groups.get(group_id, BitMap()), table.size)
                return found if holds else np.logical_not(found, out=found)
            case IsNull(Reference() as left):
                known = self._known(left, table)
                return np.logical_not(known, out=known) if holds else known
            case _:
                return self._clause(node, table, holds=holds)

    def _combined(
        self, operands: tuple[Node, ...], table: Table, *, holds: bool, all_of: bool
    ) -> Mask:
        first, *others = sorted(operands, key=_weight)
        found = self.mask(first, table, holds=holds)
        for operand in others:
            if all_of and not found.any():
                break
            part = self.mask(operand, table, holds=holds)
            (np.logical_and if all_of else np.logical_or)(found, part, out=found)
        return found

    def _clause(self, clause: Node, table: Table, *, holds: bool) -> Mask:
        match clause:
            case Tagged():
                found = self._tagged(clause, table)
                return found if holds else np.logical_not(found, out=found)
            case Intersects():
                return self._located(clause, table, holds=holds)
            case Like(left, pattern):
                words = table.words[left.attribute.name]
                codes = words.like(pattern, folded=left.folded)
                return coded(table.columns[left.attribute.name], codes, len(words), holds=holds)
            case Comparison() | Between() | In():
                return self._compared(clause, table, holds=holds)
            case _:
                raise TypeError(type(clause).__name__)

    def _known(self, left: Reference, table: Table) -> Mask:
        attribute = left.attribute
        if attribute.age is not None:
            return within(table.columns[attribute.age.since], None, day_number(self.as_of))
        if attribute.name == "location":
            return np.not_equal(table.columns["easting"], NO_POINT)
        column = table.columns[attribute.name]
        if attribute.name in DAY_COLUMNS:
            return np.not_equal(column, NO_DAY)
        unknown = UNKNOWN if attribute.name in table.words else NO_NUMBER
        return np.not_equal(column, unknown)

    def _tagged(self, clause: Tagged, table: Table) -> Mask:
        every, name = clause.operator is Operator.CONTAINS, clause.left.attribute.name
        if name == CHANNELS:
            bits = table.columns["reach"][np.newaxis, :]
            codes = [REACH[word].bit_length() - 1 for word in clause.words]
            return having(bits, codes, every=every)
        codes = table.words[name].equal(clause.words, folded=False)
        if every and len(codes) < len(set(clause.words)):
            return none_of(table.size)
        return having(table.columns[name], codes, every=every)

    def _located(self, clause: Intersects, table: Table, *, holds: bool) -> Mask:
        found = inside(table, clause.area)
        if holds:
            return found
        known = self._known(clause.left, table)
        return np.greater(known, found, out=known)

    def _compared(self, clause: Numeric, table: Table, *, holds: bool) -> Mask:
        match clause.left:
            case Count() as left:
                return self._counted(clause, left, holds=holds)
            case AgeInYear(date=since):
                return self._aged(clause, table.columns[since.attribute.name], holds=holds)
            case Reference(attribute) if attribute.age is not None:
                return self._aged(clause, table.columns[attribute.age.since], holds=holds)
            case Reference() as left:
                return self._plain(clause, left, table, holds=holds)

    def _plain(self, clause: Numeric, left: Reference, table: Table, *, holds: bool) -> Mask:
        name = left.attribute.name
        column = table.columns[name]
        if name in DAY_COLUMNS and isinstance(clause, Comparison):
            return self._dated(clause, column, holds=holds)
        if name in table.words:
            wanted = clause.values if isinstance(clause, In) else (_single(clause),)
            texts = [value for value in wanted if isinstance(value, str)]
            words, same = table.words[name], not _is_unequal(clause)
            codes = words.equal(texts, folded=left.folded)
            return coded(column, codes, len(words), holds=same is holds)
        return _any_of(
            (within(column, each.first, each.last) for each in spans(clause, holds=holds)),
            table.size,
        )

    def _aged(self, clause: Numeric, since: Column, *, holds: bool) -> Mask:
        bounds = days(clause, self.as_of, holds=holds)
        return _any_of(
            (
                within(
                    since,
                    None if each.after is None else day_number(each.after) + 1,
                    day_number(each.until),
                )
                for each in bounds
            ),
            len(since),
        )

    def _dated(self, clause: Comparison, column: Column, *, holds: bool) -> Mask:
        value = clause.right
        if isinstance(value, RelativeDay):
            value = relative_day(self.as_of, value)
        if not isinstance(value, date):
            raise TypeError(type(value).__name__)
        ranges = _ranges(clause.operator if holds else OPPOSITE[clause.operator], day_number(value))
        return _any_of((within(column, *each) for each in ranges), len(column))

    def _any(self, node: Any, *, holds: bool) -> Mask:
        """Mark who has a related thing of which the filter is true; or none but such where false."""
        rows = self._passing(node, surely=holds)
        residents = self.population.residents
        if node.relation.name == HOUSEHOLD:
            numbers = residents.columns["household"]
            # One place more, for those of no household: it lies at the end, where -1 points.
            homes = none_of(self.population.households + 1)
            homes[numbers[rows]] = True
            homes[-1] = False
            found: Mask = homes[numbers]
        else:
            found = none_of(residents.size)
            found[self.population.things[node.relation.name].columns["slot"][rows]] = True
        return found if holds else np.logical_not(found, out=found)

    def _passing(self, node: Any | Count, *, surely: bool) -> Mask:
        """Mark the related things of which the filter is true, or else is not false."""
        name = node.relation.name
        residents, opened = self.population.residents, self.population.open
        if name not in {HOUSEHOLD, CHILDREN}:
            table = self.population.things[name]
            return self._filtered(node.filter, table, surely=surely)
        found = self._filtered(node.filter, residents, surely=surely)
        found &= opened
        if name == HOUSEHOLD:
            return found
        children: Mask = found[self.population.things[CHILDREN].columns["target"]]
        return children

    def _filtered(self, condition: Node | None, table: Table, *, surely: bool) -> Mask:
        if condition is None:
            return np.ones(table.size, np.bool_)
        found = self.mask(condition, table, holds=surely)
        return found if surely else np.logical_not(found, out=found)

    def _counted(self, clause: Numeric, left: Count, *, holds: bool) -> Mask:
        """Mark those for whom the clause holds, or does not, whatever the unknown turn out."""
        least = self._tally(left, surely=True)
        most = least if left.filter is None else self._tally(left, surely=False)
        found = (
            within(least, each.first, None) & within(most, None, each.last)
            for each in spans(clause, holds=holds)
        )
        return _any_of(found, self.population.residents.size)

    def _tally(self, left: Count, *, surely: bool) -> Column:
        rows = self._passing(left, surely=surely)
        residents = self.population.residents
        if left.relation.name != HOUSEHOLD:
            owners = self.population.things[left.relation.name].columns["slot"]
            return np.bincount(owners[rows], minlength=residents.size)
        numbers = residents.columns["household"]
        counts = np.bincount(numbers[rows] + 1, minlength=self.population.households + 1)
        counts[0] = 0
        members: Column = counts[numbers + 1]
        return members


OPPOSITE: Mapping[Operator, Operator] = {
    Operator.EQUAL: Operator.NOT_EQUAL,
    Operator.NOT_EQUAL: Operator.EQUAL,
    Operator.LESS: Operator.AT_LEAST,
    Operator.AT_LEAST: Operator.LESS,
    Operator.GREATER: Operator.AT_MOST,
    Operator.AT_MOST: Operator.GREATER,
}

RANGES: Mapping[Operator, Callable[[int], list[tuple[int | None, int]]]] = {
    Operator.EQUAL: lambda day: [(day, day)],
    Operator.NOT_EQUAL: lambda day: [(None, day - 1), (day + 1, LATEST)],
    Operator.LESS: lambda day: [(None, day - 1)],
    Operator.AT_MOST: lambda day: [(None, day)],
    Operator.GREATER: lambda day: [(day + 1, LATEST)],
    Operator.AT_LEAST: lambda day: [(day, LATEST)],
}


def _ranges(operator: Operator, day: int) -> list[tuple[int | None, int]]:
    return RANGES[operator](day)


def _single(clause: Numeric) -> object:
    return clause.right if isinstance(clause, Comparison) else None


def _is_unequal(clause: Numeric) -> bool:
    return isinstance(clause, Comparison) and clause.operator is Operator.NOT_EQUAL


def _any_of(masks: Iterable[Mask], size: int) -> Mask:
    found: Mask | None = None
    for each in masks:
        found = each if found is None else np.logical_or(found, each, out=found)
    return none_of(size) if found is None else found


def _weight(node: Node) -> bool:
    """Sort what is cheap first, so that what is dear need not be asked where nobody is left."""
    heavy = isinstance(node, HEAVY) or isinstance(getattr(node, "left", None), Count)
    return heavy or (isinstance(node, Not) and _weight(node.operand))
