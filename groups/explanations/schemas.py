"""Explanations as the app takes them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from backend.kernel.errors import Text
from backend.kernel.views import TextView
from groups.explanations.clauses import Clause
from groups.explanations.reading import Fact
from groups.explanations.service import Explanation
from groups.language.registers import REGISTERS
from groups.language.render import clause_text, render

Value = int | str | list[str] | None
Result = Annotated[
    bool | None, Meta(description="Whether the clause holds; null: unknown, as data is missing.")
]


class RegisterView(Struct, rename="camel", frozen=True):
    """The register from which a value comes."""

    code: str
    title: TextView


class ClauseView(Struct, rename="camel", frozen=True):
    """One clause that made the rule hold.

    `value` is what the register says, a date as YYYY-MM-DD; `until` is the last civil day on which the calendar leaves
    the result as it is, null where the calendar changes nothing. `about` is a child's given name.
    """

    pointer: str
    text: TextView
    result: Result
    value: Value
    register: RegisterView | None
    until: date | None
    about: str | None
    parts: list["ClauseView"]


class WhyView(Struct, rename="camel", frozen=True):
    """Why the resident belongs to a group.

    `clause` is null when the membership stands as it was on `followedOn` although the rule does not
    hold on `asOf`, for example while a large change waits for a person's decision.
    """

    group_id: UUID
    label: TextView
    since: datetime
    rule_version: int
    as_of: date
    followed_on: date | None
    text: TextView | None
    clause: ClauseView | None


def why_view(explanation: Explanation) -> WhyView:
    """Shape an explanation."""
    belonging = explanation.belonging
    label = belonging.label or Text("", "")
    rule, clause = explanation.rule, explanation.clause
    return WhyView(
        group_id=belonging.group_id,
        label=_text(label),
        since=belonging.since,
        rule_version=belonging.rule_version,
        as_of=explanation.as_of,
        followed_on=belonging.followed_on,
        text=_text(render(rule, explanation.labels)) if rule else None,
        clause=_clause(clause, explanation.names, explanation.labels) if clause else None,
    )


def _clause(clause: Clause, names: Mapping[UUID, str], labels: Mapping[UUID, Text]) -> ClauseView:
    register = clause.register
    title = _text(REGISTERS[register].title) if register else None
    return ClauseView(
        pointer=clause.node.pointer,
        text=_text(clause_text(clause.node, labels)),
        result=clause.result,
        value=_value(clause.value),
        register=RegisterView(register.value, title) if register and title else None,
        until=clause.until,
        about=names.get(clause.about) if clause.about else None,
        parts=[_clause(part, names, labels) for part in clause.parts],
    )


def _value(value: Fact) -> Value:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, date):
        return value.isoformat()
    return None if isinstance(value, tuple) else value


def _text(text: Text) -> TextView:
    return TextView(text.lv, text.en)
