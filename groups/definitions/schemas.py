"""Groups as the staff API takes and gives them."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct, convert

from backend.kernel.errors import Text
from backend.kernel.patterns import LINE
from backend.kernel.views import TextView
from groups.definitions.queries import NewGroup, Record
from groups.definitions.rules import NEEDS_A_PERSON, GroupState, shown
from groups.definitions.service import RULE_AT
from groups.evaluation.ports import Scope
from groups.language.decode import decode
from groups.language.errors import RuleInvalid
from groups.language.render import render
from groups.language.spots import Json
from groups.language.things import Purpose
from groups.memberships.models import Evaluation, GroupHold
from groups.memberships.rules import Cause

Line = Annotated[str, Meta(min_length=1, max_length=120, pattern=r"^(?=.*\S)" + LINE)]
GroupScope = Literal["declared", "linked"]
Paragraph = Annotated[
    str, Meta(min_length=1, max_length=1000, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")
]
Rule = Annotated[
    object,
    Meta(
        description="A rule in the project's profile of OGC CQL2-JSON.",
        examples=[{"op": "between", "args": [{"property": "age"}, 3, 6]}],
        extra_json_schema={"type": "object"},
    ),
]


class LineInput(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """One line of text in both languages."""

    lv: Line
    en: Line

    def text(self) -> Text:
        """Give the text."""
        return Text(self.lv, self.en)


class RuleInput(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """A rule to give to a group."""

    rule: Rule


class GroupInput(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """A new group; residents see it, under `publicLabel`, only when it has one.

    `purpose` limits what the rule may ask. The scope `all` is for previews only.
    """

    name: LineInput
    description: Paragraph
    purpose: Purpose
    rule: Rule
    scope: GroupScope = "declared"
    public_label: LineInput | None = None

    def new_group(self) -> NewGroup:
        """Read the group.

        Raises:
            RuleInvalid: with a pointer into the body for every fault in the rule.
        """
        return NewGroup(
            name=self.name.text(),
            description=self.description,
            purpose=self.purpose,
            scope=Scope(self.scope),
            label=self.public_label.text() if self.public_label else None,
            rule=decode(self.rule, at=RULE_AT, purpose=self.purpose),
        )


class CountView(Struct, rename="camel", frozen=True):
    """A count of residents: `count`, or, when it is below the minimum, null and `fewerThan`.

    Both are null when together with what is known it would tell of a few people.
    """

    count: int | None
    fewer_than: int | None


class EvaluationView(Struct, rename="camel", frozen=True):
    """One evaluation: of which rule version, for which civil day, why, what it changed."""

    id: UUID
    rule_version: int
    as_of: date
    cause: Cause
    finished_at: datetime
    joined: CountView
    left: CountView


class ProposalView(Struct, rename="camel", frozen=True):
    """What would change in a held group, if somebody released it."""

    held_at: datetime
    as_of: date
    cause: Cause
    joined: CountView
    left: CountView


class ReasonView(Struct, rename="camel", frozen=True):
    """Why a group is held or invalid; `pointer` names the spot in the rule, `detail` what is there."""

    code: str
    pointer: str
    detail: str


class GroupView(Struct, rename="camel", frozen=True):
    """A group; `version` goes into If-Match of an edit, `ruleVersion` is the rule's own.

    `evaluation` is the last one that changed members; `asOf` is the civil day up to which the
    members are followed. `text` is null when the rule can be read no longer.
    """

    id: UUID
    state: GroupState
    state_since: datetime
    state_reason: list[ReasonView]
    version: int
    name: TextView
    public_label: TextView | None
    description: str
    purpose: Purpose
    scope: GroupScope
    rule: Rule
    rule_version: int
    text: TextView | None
    members: CountView
    as_of: date
    evaluation: EvaluationView
    proposal: ProposalView | None
    created_at: datetime


class GroupSummary(Struct, rename="camel", frozen=True):
    """A group in a list, with its members as of a civil day; `attention`: it waits for somebody."""

    id: UUID
    state: GroupState
    state_since: datetime
    attention: bool
    version: int
    name: TextView
    description: str
    purpose: Purpose
    scope: GroupScope
    members: CountView
    as_of: date
    created_at: datetime


class GroupPage(Struct, rename="camel", frozen=True):
    """Groups, newest first; `next` is the cursor of the following page."""

    groups: list[GroupSummary]
    next: UUID | None


class GroupsNeedingAttention(Struct, rename="camel", frozen=True):
    """Held and invalid groups, those first that began to wait last."""

    groups: list[GroupView]


class ChangesPage(Struct, rename="camel", frozen=True):
    """Evaluations that changed a group, newest first; `next` is the cursor of the following page."""

    changes: list[EvaluationView]
    next: UUID | None


def group_view(record: Record, minimum: int) -> GroupView:
    """Shape a group, hiding counts below the minimum."""
    group = record.group
    label = TextView(group.label_lv, group.label_en) if group.label_lv and group.label_en else None
    return GroupView(
        id=group.id,
        state=GroupState(group.state),
        state_since=group.state_since,
        state_reason=convert(group.state_reason or [], list[ReasonView]),
        version=group.version,
        name=TextView(group.name_lv, group.name_en),
        public_label=label,
        description=group.description,
        purpose=Purpose(group.purpose),
        scope=_scope(group.scope),
        rule=record.rule.rule,
        rule_version=record.rule.version,
        text=_words(record.rule.rule),
        members=_members(record, minimum),
        as_of=_followed_on(record),
        evaluation=evaluation_view(record.evaluation, minimum),
        proposal=_proposal(record.hold, minimum) if record.hold else None,
        created_at=group.created_at,
    )


def group_summary(record: Record, minimum: int) -> GroupSummary:
    """Shape a group for a list."""
    group = record.group
    return GroupSummary(
        id=group.id,
        state=GroupState(group.state),
        state_since=group.state_since,
        attention=group.state in NEEDS_A_PERSON,
        version=group.version,
        name=TextView(group.name_lv, group.name_en),
        description=group.description,
        purpose=Purpose(group.purpose),
        scope=_scope(group.scope),
        members=_members(record, minimum),
        as_of=_followed_on(record),
        created_at=group.created_at,
    )


def evaluation_view(evaluation: Evaluation, minimum: int) -> EvaluationView:
    """Shape an evaluation."""
    return EvaluationView(
        id=evaluation.id,
        rule_version=evaluation.rule_version,
        as_of=evaluation.as_of,
        cause=Cause(evaluation.cause),
        finished_at=evaluation.finished_at,
        joined=_count(evaluation.joined, minimum, is_shown=evaluation.counts_shown),
        left=_count(evaluation.left, minimum, is_shown=evaluation.counts_shown),
    )


def _proposal(hold: GroupHold, minimum: int) -> ProposalView:
    return ProposalView(
        held_at=hold.held_at,
        as_of=hold.as_of,
        cause=Cause(hold.cause),
        joined=_count(hold.joined, minimum),
        left=_count(hold.left, minimum),
    )


def _followed_on(record: Record) -> date:
    """Only a live group follows the engine; any other stands as it was last changed."""
    changed_on = record.evaluation.as_of
    if record.group.state != GroupState.LIVE or record.followed_on is None:
        return changed_on
    return max(changed_on, record.followed_on)


def _scope(scope: str) -> GroupScope:
    return "linked" if scope == Scope.LINKED else "declared"


def _members(record: Record, minimum: int) -> CountView:
    return _count(record.members, minimum, is_shown=record.members_shown)


def _count(count: int, minimum: int, *, is_shown: bool = True) -> CountView:
    if not is_shown:
        return CountView(None, None)
    members = shown(count, minimum=minimum)
    return CountView(members.count, members.fewer_than)


def _words(rule: Json) -> TextView | None:
    try:
        text: Text = render(decode(rule))
    except RuleInvalid:
        return None
    return TextView(text.lv, text.en)
