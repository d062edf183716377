"""The clauses that made a rule come out as it did, and no others."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

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

MOST_RELATED = 10
"""How many children or other related things are told of one by one."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: what it says (`node`), how it came out, on what value, of which register.

    `until`: the last civil day on which the calendar leaves it so. `about` is the resident of whom
    the parts tell, such as a child, where that is not the resident themselves. A place is not
    repeated as a value: coordinates say more than the clause asked.
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
    return _clause(node, known, reading, None)


def _clause(node: Node, known: Known, reading: Reading, about: UUID | None) -> Clause:
    result = reading.truth(node, known)
    return Clause(
        node=node,
        result=result,
        value=_value(node, known, reading),
        register=_register(node),
        until=last_day(node, known, reading),
        about=about,
        parts=tuple(_parts(node, result, known, reading)),
    )


def _parts(node: Node, result: Truth, known: Known, reading: Reading) -> Iterator[Clause]:
    match node:
        case And(operands) | Or(operands):
            every = result is isinstance(node, And)
            for operand in operands:
                if every or reading.truth(operand, known) is result:
                    yield _clause(operand, known, reading, None)
        case Not(operand):
            yield _clause(operand, known, reading, None)
        case Any() if node.filter is not None and result is True:
            passing = reading.passing(node, known)
            related = known.related.get(node.relation.name, ())
            told = [each for each, fits in zip(related, passing, strict=True) if fits]
            for each in told[:MOST_RELATED]:
                yield _clause(node.filter, each, reading, each.person_id)
        case _:
            return


def _value(node: Node, known: Known, reading: Reading) -> Fact:
    if isinstance(node, And | Or | Not | Any | InGroup | Intersects):
        return None
    return reading.value(node.left, known)


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
