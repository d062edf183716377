"""The plain reading of a rule over one person: what the evaluators are compared with."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import takewhile
from operator import eq, ge, gt, le, lt, ne
from typing import Any, TypeAlias

from tests.groups.evaluation.plain import age_in_year, day, months_lived, resembles, surrounds
from tests.groups.evaluation.world import Person, Thing

Rule = dict[str, Any]
Known: TypeAlias = Any
"""A value of whatever type the attribute has."""
Answer = bool | None
"""None: unknown."""

PLACE = {"parish", "town", "street", "postcode", "house_number", "location"}


@dataclass(frozen=True)
class Asked:
    """The day of the question, and who belongs to which other group by slot."""

    as_of: date
    groups: Mapping[str, Collection[int]] = field(default_factory=dict[str, Collection[int]])


def told(thing: Person | Thing, name: str, as_of: date) -> Known:
    """Read one attribute of a person or thing; None: not known."""
    if name in PLACE:
        return None if thing.place is None or thing.place.closed else placed(thing.place, name)
    if name not in {"age", "age_months"}:
        return thing.known[name]
    months = months_lived(thing.known["birth_date"], as_of)
    return months if months is None or name == "age_months" else months // 12


def placed(place: Thing, name: str) -> Known:
    """Read one attribute of an address."""
    if name != "house_number":
        return place.known[name]
    digits = "".join(takewhile(lambda sign: sign in "0123456789", place.known["house"] or ""))
    return int(digits[:4]) if digits else None


def one_of(answers: Iterable[Answer]) -> Answer:
    """Say whether one holds, in Kleene's logic."""
    seen = set(answers)
    return True if True in seen else None if None in seen else False


def negated(answers: Iterable[Answer]) -> list[Answer]:
    """Turn answers round; unknown stays unknown."""
    return [None if answer is None else not answer for answer in answers]


COMPARE: Mapping[str, Callable[..., bool]] = {
    "=": eq,
    "<>": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
    "between": lambda known, lower, upper: lower <= known <= upper,
    "in": lambda known, values: known in values,
    "like": resembles,
    "a_contains": lambda known, words: set(known) >= set(words),
    "a_overlaps": lambda known, words: not set(known).isdisjoint(words),
    "s_intersects": lambda known, geometry: surrounds(geometry, known),
}


def fits(rule: Rule, thing: Person | Thing, asked: Asked) -> Answer:
    """Read the rule's JSON as its README says, for one person or thing."""
    arguments = rule["args"]
    match rule["op"]:
        case "or":
            return one_of(fits(each, thing, asked) for each in arguments)
        case "and":  # not one that does not hold
            [answer] = negated([one_of(negated(fits(each, thing, asked) for each in arguments))])
            return answer
        case "not":
            [answer] = negated([fits(arguments[0], thing, asked)])
            return answer
        case "any":
            return one_of(passing(arguments, thing, asked))
        case "in_group":
            return isinstance(thing, Person) and thing.slot in asked.groups.get(arguments[0], ())
        case _:
            return compared(rule, thing, asked)


def passing(arguments: list[Any], thing: Person | Thing, asked: Asked) -> list[Answer]:
    """Ask of every open related thing whether it passes the filter, if there is one."""
    relation, *filters = arguments
    linked = getattr(thing, relation["property"])
    related = [each for each, closed in linked if not closed and not each.closed]
    return [fits(filters[0], each, asked) if filters else True for each in related]


def compared(rule: Rule, thing: Person | Thing, asked: Asked) -> Answer:
    """Answer a clause, whatever stands first in it."""
    left, operator = rule["args"][0], rule["op"]
    values = [literal(value, asked.as_of) for value in rule["args"][1:]]
    if left.get("op") == "count":
        answers = passing(left["args"], thing, asked)
        numbers = range(answers.count(True), answers.count(True) + answers.count(None) + 1)
        seen = {clause(operator, number, values) for number in numbers}
        return seen.pop() if len(seen) == 1 else None
    return clause(operator, first(left, thing, asked), values)


def first(left: Rule, thing: Person | Thing, asked: Asked) -> Known:
    """Read an attribute, plain or through a function."""
    if "property" in left:
        return told(thing, left["property"], asked.as_of)
    known = told(thing, left["args"][0]["property"], asked.as_of)
    if known is None:
        return None
    return known.lower() if left["op"] == "casei" else age_in_year(known, asked.as_of)


def literal(written: Known, as_of: date) -> Known:
    """Read a value as JSON has it."""
    if isinstance(written, list):
        return [literal(each, as_of) for each in written]
    if not isinstance(written, dict) or "coordinates" in written:
        return written
    if written.get("op") == "casei":
        return str(written["args"][0]).lower()
    return day(written, as_of)


def clause(operator: str, known: Known, values: list[Any]) -> Answer:
    """Compare a known value as a clause asks."""
    if operator == "isNull":
        return known is None
    return None if known is None else COMPARE[operator](known, *values)


def is_asked(person: Person, scope: str) -> bool:
    """Say whether a rule is asked of a person."""
    if person.closed or scope != "linked":
        return not person.closed and person.known["residence"] == "declared"
    anything: Rule = {"op": "any", "args": [{"property": "properties"}]}
    school: Rule = {"op": "any", "args": [{"property": "institutions"}]}
    child: Rule = {"op": "any", "args": [{"property": "children"}, school]}
    return any(fits(rule, person, Asked(date.min)) for rule in (anything, child))


def found(rule: Rule, people: Iterable[Person], asked: Asked, scope: str = "declared") -> set[int]:
    """List the slots of those in scope whom the rule holds for."""
    return {
        person.slot for person in people if is_asked(person, scope) and fits(rule, person, asked)
    }
