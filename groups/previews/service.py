"""Counting whom a rule would let in, and showing of it what tells of no few people."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from backend.kernel import audit
from backend.kernel.db import WriteSession
from backend.kernel.errors import Fault
from backend.kernel.principals import Principal
from backend.kernel.tenancy import municipality_code
from backend.staff.public import StaffRole
from groups.definitions.references import check_references
from groups.definitions.service import today
from groups.evaluation.ports import Evaluator, Preview, Question, Scope, Step
from groups.guard.comparing import Guard, Sized
from groups.guard.queries import hold_viewer, keep, near, renew
from groups.guard.rules import ShownSize
from groups.language.analysis import group_references
from groups.language.things import Purpose
from groups.language.tree import Node
from groups.previews import queries
from groups.previews.errors import PreviewDayOutOfRange, ScopeNotAllowed
from groups.previews.rules import FARTHEST_DAYS, RULE_AT


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be previewed; no day: today. `minimum`: the smallest count shown as it is."""

    rule: Node
    purpose: Purpose
    scope: Scope
    as_of: date | None
    minimum: int


@dataclass(frozen=True, slots=True)
class ShownPreview:
    """A preview as a person may see it: `steps` are the sizes by the pointers of the clauses."""

    whole: ShownSize
    everybody: ShownSize
    steps: tuple[tuple[str, ShownSize], ...]
    found: Preview


def check_scope(by: Principal, scope: Scope) -> None:
    """Let only operators ask of all municipalities.

    Raises:
        ScopeNotAllowed: the caller is none.
    """
    if scope is Scope.ALL and StaffRole.OPERATOR not in by.roles:
        raise ScopeNotAllowed


async def preview(
    session: WriteSession, by: Principal, asked: Asked, evaluator: Evaluator, now: datetime
) -> ShownPreview:
    """Count whom a rule would let in; what was shown is remembered, and audited.

    The session serves the municipalities asked: the caller's, or all of them.

    Raises:
        RuleInvalid: a group that the rule refers to is not there, or not for the purpose.
        ScopeNotAllowed: all municipalities are asked by someone who is no operator.
        PreviewDayOutOfRange: the day is past or too far ahead.
    """
    check_scope(by, asked.scope)
    await check_references(session, by.municipality, asked.rule, asked.purpose, at=RULE_AT)
    question = await _question(session, by, asked, _day(by, asked, now))
    found = await evaluator.preview(session, question)
    shown = await _shown(session, by, found, asked.minimum, now)
    particulars = {
        "asOf": found.as_of.isoformat(),
        "count": shown.whole.count,
        "purpose": asked.purpose.value,
        "scope": asked.scope.value,
    }
    subject = ("municipality", municipality_code(by.municipality))
    audit.record(session, by, "group.previewed", subject, now=now, particulars=particulars)
    return shown


def _day(by: Principal, asked: Asked, now: datetime) -> date:
    first = today(by.municipality, now)
    if asked.as_of is None:
        return first
    if not first <= asked.as_of <= first + timedelta(days=FARTHEST_DAYS):
        fault = Fault("/asOf", "out_of_range", f"from {first} to {FARTHEST_DAYS} days ahead")
        raise PreviewDayOutOfRange(faults=[fault])
    return asked.as_of


async def _question(session: WriteSession, by: Principal, asked: Asked, as_of: date) -> Question:
    everywhere = asked.scope is Scope.ALL
    asked_of = await queries.populated(session) if everywhere else (by.municipality,)
    groups = await queries.members_of_groups(session, group_references(asked.rule))
    return Question(asked_of, asked.rule, as_of, asked.scope, groups)


async def _shown(
    session: WriteSession, by: Principal, found: Preview, minimum: int, now: datetime
) -> ShownPreview:
    """Judge every size: the whole rule's first, because it is what was asked for."""
    await hold_viewer(session, by.subject_id)
    own, sets = by.municipality, _sets(found)
    sizes = {each.size for each in sets.values()}
    known = await near(session, own, by.subject_id, sizes, minimum=minimum, now=now)
    everybody = _sized(found.everybody)
    guard = Guard(minimum, [everybody, *known])
    shown = {pointer: guard.shown(sets[pointer]) for pointer in reversed(sets)}
    await keep(session, own, by.subject_id, guard.new, as_of=found.as_of, now=now)
    await renew(session, own, guard.repeated, now)
    return ShownPreview(
        whole=shown[found.steps[-1].pointer],
        everybody=Guard(minimum, []).shown(everybody),
        steps=tuple((step.pointer, shown[step.pointer]) for step in found.steps),
        found=found,
    )


def _sets(found: Preview) -> dict[str, Sized]:
    return {step.pointer: _sized(step) for step in found.steps}


def _sized(step: Step) -> Sized:
    return Sized(step.slots, step.size)
