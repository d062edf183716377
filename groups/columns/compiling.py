"""Rules over columns: one mask for each node, made for the answer that is wanted.

As in the SQL evaluator a node is asked for those of whom it is true, or for those of whom it is
false; of the rest it is unknown. What is unknown in a column never passes a test of either kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import numpy as np
from pyroaring import BitMap

from groups.columns import clauses
from groups.columns.layout import Column
from groups.columns.masks import none_of, within
from groups.columns.population import Population, Table
from groups.evaluation.slots import Mask, mask_of
from groups.evaluation.spans import Numeric, spans
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

HOUSEHOLD, CHILDREN = "household", "children"
HEAVY = (And, Or, Any, Intersects)


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
                found = clauses.known(table, left, self.as_of)
                return np.logical_not(found, out=found) if holds else found
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
                return clauses.tagged(table, clause, holds=holds)
            case Intersects():
                return clauses.located(table, clause, holds=holds)
            case Like():
                return clauses.alike(table, clause, holds=holds)
            case Comparison() | Between() | In():
                return self._compared(clause, table, holds=holds)
            case _:
                raise TypeError(type(clause).__name__)

    def _compared(self, clause: Numeric, table: Table, *, holds: bool) -> Mask:
        match clause.left:
            case Count() as left:
                return self._counted(clause, left, holds=holds)
            case AgeInYear(date=since):
                born = table.columns[since.attribute.name]
                return clauses.aged(born, clause, self.as_of, holds=holds)
            case Reference(attribute) if attribute.age is not None:
                born = table.columns[attribute.age.since]
                return clauses.aged(born, clause, self.as_of, holds=holds)
            case Reference() as left:
                return clauses.plain(table, clause, left, self.as_of, holds=holds)

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
        return clauses.any_of(found, self.population.residents.size)

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


def _weight(node: Node) -> bool:
    """Sort what is cheap first, so that what is dear need not be asked where nobody is left."""
    heavy = isinstance(node, HEAVY) or isinstance(getattr(node, "left", None), Count)
    return heavy or (isinstance(node, Not) and _weight(node.operand))
