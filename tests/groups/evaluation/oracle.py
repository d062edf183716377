"""The plain reading of a rule over one person: what the evaluators are compared with."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from tests.groups.evaluation.world import Person, Thing, anniversary

Rule = dict[str, Any]
Answer = bool | None
"""None: unknown."""


def months_lived(born: date | None, as_of: date) -> int | None:
    """Count birthdays of months one by one."""
    if born is None or born > as_of:
        return None
    months = (as_of - born).days // 31
    while anniversary(born, months + 1) <= as_of:
        months += 1
    return months


def told(thing: Person | Thing, name: str, as_of: date) -> object:
    """Read one attribute of a person or thing; None: not known."""
    if name in {"parish", "town", "street", "postcode"}:
        place = thing.place
        return None if place is None or place.closed else place.texts[name]
    if not isinstance(thing, Person) or name not in {"age", "age_months", "birth_date"}:
        return thing.texts[name]
    if name == "birth_date":
        return thing.born
    months = months_lived(thing.born, as_of)
    return months if months is None or name == "age_months" else months // 12


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
}


def fits(rule: Rule, thing: Person | Thing, as_of: date) -> Answer:
    """Read the rule's JSON as its README says, for one person or thing."""
    arguments = rule["args"]
    match rule["op"]:
        case "or":
            return one_of(fits(each, thing, as_of) for each in arguments)
        case "and":  # not one that does not hold
            [answer] = negated([one_of(negated(fits(each, thing, as_of) for each in arguments))])
            return answer
        case "not":
            [answer] = negated([fits(arguments[0], thing, as_of)])
            return answer
        case "any":
            relation, *filters = arguments
            linked = getattr(thing, relation["property"])
            related = [each for each, closed in linked if not closed and not each.closed]
            return one_of(all_hold(filters, each, as_of) for each in related)
        case _:
            return clause(rule, told(thing, arguments[0]["property"], as_of))


def all_hold(filters: list[Rule], thing: Person | Thing, as_of: date) -> Answer:
    """Say whether the filter holds, if there is one."""
    return fits(filters[0], thing, as_of) if filters else True


def clause(rule: Rule, known: object) -> Answer:
    """Compare a known value as a clause asks."""
    operator, values = rule["op"], rule["args"][1:]
    if operator == "isNull":
        return known is None
    if known is None:
        return None
    if isinstance(known, date):
        values = [date.fromisoformat(value["date"]) for value in values]
    return COMPARE[operator](known, *values)
