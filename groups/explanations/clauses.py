"""The clauses that made a rule come out as it did, and no others."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from groups.evaluation.rules import completed_months
from groups.explanations.calendar import last_day
from groups.explanations.reading import Fact, Known, Reading, Truth
from groups.language.things import Register
from groups.language.tree import (
    AgeInYear,
    And,
    Any,
    Count,
    InGroup,
    Intersects,
    Leaf,
    Node,
    Not,
    Or,
)

MAJORITY_YEARS = 18
MOST_RELATED = 10
"""How many children or other related things are told of one by one."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: what it says (`node`), how it came out, on what value, of which register.

    `until`: the last civil day on which the calendar leaves it so. `about` is the resident of whom
    the parts tell, such as a child, where that is not the resident themselves. A place is not
    repeated as a value: coordinates say more than the clause asked. Of others, but minor children,
    neither value nor `until` is told: no more than the rule says already.
    """

    node: Node
    result: Truth
    value: Fact
    register: Register | None
    until: date | None
    about: UUID | None
    parts: tuple["Clause", ...]


def explain(node: Node, known: Known, reading: Reading) -> Clause:
    """Tell why a rule comes out as it does: of an `or` that holds only the operands that hold."""
    return _clause(node, known, _Told(reading, known.person_id))


@dataclass(frozen=True, slots=True)
class _Told:
    """How a rule is read, to which resident, and whether values may be told of whom it is about."""

    reading: Reading
    to: UUID | None
    values: bool = True

    def of(self, relation: str, other: Known) -> "_Told":
        """Go on to a related thing: of people, only minor children and oneself have values."""
        if relation == "household":
            is_told = other.person_id == self.to
        elif relation == "children":
            is_told = _is_minor(other, self.reading)
        else:
            is_told = True
        return replace(self, values=self.values and is_told)


def _clause(node: Node, known: Known, told: _Told, about: UUID | None = None) -> Clause:
    reading = told.reading
    result = reading.truth(node, known)
    return Clause(
        node=node,
        result=result,
        value=_value(node, known, reading) if told.values else None,
        register=_register(node),
        until=last_day(node, known, reading) if told.values else None,
        about=about,
        parts=tuple(_parts(node, result, known, told)),
    )


def _parts(node: Node, result: Truth, known: Known, told: _Told) -> Iterator[Clause]:
    reading = told.reading
    match node:
        case And(operands) | Or(operands):
            every = result is isinstance(node, And)
            for operand in operands:
                if every or reading.truth(operand, known) is result:
                    yield _clause(operand, known, told)
        case Not(operand):
            yield _clause(operand, known, told)
        case Any() if node.filter is not None and result is True:
            passing = reading.passing(node, known)
            name = node.relation.name
            related = known.related.get(name, ())
            fitting = [each for each, fits in zip(related, passing, strict=True) if fits]
            for each in fitting[:MOST_RELATED]:
                of_each = told.of(name, each)
                yield _clause(
                    node.filter, each, of_each, each.person_id if of_each.values else None
                )
        case _:
            return


def _value(node: Node, known: Known, reading: Reading) -> Fact:
    if isinstance(node, And | Or | Not | Any | InGroup | Intersects):
        return None
    return reading.value(node.left, known)


def _is_minor(person: Known, reading: Reading) -> bool:
    born = person.values["birth_date"]
    if not isinstance(born, date):
        return False
    months = completed_months(born, reading.as_of)
    return months is None or months < MAJORITY_YEARS * 12


def _register(node: Node) -> Register | None:
    match node:
        case And() | Or() | Not() | InGroup():
            return None
        case Any():
            return node.relation.provenance.register
        case _:
            return _asked(node)


def _asked(node: Leaf) -> Register | None:
    if isinstance(node, InGroup):
        return None
    if isinstance(node.left, Count):
        return node.left.relation.provenance.register
    reference = node.left.date if isinstance(node.left, AgeInYear) else node.left
    return reference.attribute.provenance.register
