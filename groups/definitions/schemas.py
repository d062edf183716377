"""Groups as the staff API takes and gives them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from backend.kernel.errors import Text
from backend.kernel.patterns import LINE
from backend.kernel.views import TextView
from groups.definitions.queries import NewGroup, Record
from groups.definitions.rules import GroupState, ShownCount, shown
from groups.definitions.service import Preview
from groups.language.decode import decode
from groups.language.render import render
from groups.language.tree import Node
from groups.memberships.models import Evaluation
from groups.memberships.rules import Cause

Line = Annotated[str, Meta(min_length=1, max_length=120, pattern=r"^(?=.*\S)" + LINE)]
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
RULE_AT = "/rule"


class LineInput(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """One line of text in both languages."""

    lv: Line
    en: Line

    def text(self) -> Text:
        """Give the text."""
        return Text(self.lv, self.en)


class RuleInput(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """A rule to preview, or to give to a group."""

    rule: Rule

    def tree(self) -> Node:
        """Read the rule.

        Raises:
            RuleInvalid: with a pointer into the body for every fault.
        """
        return decode(self.rule, at=RULE_AT)


class GroupInput(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """A new group; residents see it, under `publicLabel`, only when it has one."""

    name: LineInput
    purpose: Paragraph
    rule: Rule
    public_label: LineInput | None = None

    def new_group(self) -> NewGroup:
        """Read the group.

        Raises:
            RuleInvalid: with a pointer into the body for every fault in the rule.
        """
        label = self.public_label.text() if self.public_label else None
        return NewGroup(self.name.text(), self.purpose, label, decode(self.rule, at=RULE_AT))


class CountView(Struct, rename="camel", frozen=True):
    """A count of residents: `count`, or, when it is below the minimum, null and `fewerThan`."""

    count: int | None
    fewer_than: int | None


class PreviewView(Struct, rename="camel", frozen=True):
    """How many a rule would let in on the civil day `asOf`, and the rule in words.

    `count`, or, when it is below the minimum, null and `fewerThan`.
    """

    count: int | None
    fewer_than: int | None
    as_of: date
    text: TextView


class EvaluationView(Struct, rename="camel", frozen=True):
    """The group's last evaluation: which rule version, for which civil day, why, what changed."""

    id: UUID
    rule_version: int
    as_of: date
    cause: Cause
    finished_at: datetime
    joined: CountView
    left: CountView


class GroupView(Struct, rename="camel", frozen=True):
    """A group; `version` goes into If-Match of an edit, `ruleVersion` is the rule's own."""

    id: UUID
    state: GroupState
    version: int
    name: TextView
    public_label: TextView | None
    purpose: str
    rule: Rule
    rule_version: int
    text: TextView
    members: CountView
    evaluation: EvaluationView
    created_at: datetime


class GroupSummary(Struct, rename="camel", frozen=True):
    """A group in a list, with its members as of a civil day."""

    id: UUID
    state: GroupState
    version: int
    name: TextView
    purpose: str
    members: CountView
    as_of: date
    created_at: datetime


class GroupPage(Struct, rename="camel", frozen=True):
    """Groups, newest first; `next` is the cursor of the following page."""

    groups: list[GroupSummary]
    next: UUID | None


def preview_view(preview: Preview, rule: Node) -> PreviewView:
    """Shape a preview."""
    return PreviewView(
        preview.members.count, preview.members.fewer_than, preview.as_of, _text(render(rule))
    )


def group_view(record: Record) -> GroupView:
    """Shape a group."""
    group, rule = record.group, record.rule
    label = TextView(group.label_lv, group.label_en) if group.label_lv and group.label_en else None
    return GroupView(
        id=group.id,
        state=GroupState(group.state),
        version=group.version,
        name=TextView(group.name_lv, group.name_en),
        public_label=label,
        purpose=group.purpose,
        rule=rule.rule,
        rule_version=rule.version,
        text=_text(render(decode(rule.rule))),
        members=_members(record),
        evaluation=_evaluation(record.evaluation),
        created_at=group.created_at,
    )


def group_summary(record: Record) -> GroupSummary:
    """Shape a group for a list."""
    group = record.group
    return GroupSummary(
        id=group.id,
        state=GroupState(group.state),
        version=group.version,
        name=TextView(group.name_lv, group.name_en),
        purpose=group.purpose,
        members=_members(record),
        as_of=record.evaluation.as_of,
        created_at=group.created_at,
    )


def _members(record: Record) -> CountView:
    live = record.group.state == GroupState.LIVE
    return _count(shown(record.evaluation.members if live else 0))


def _evaluation(evaluation: Evaluation) -> EvaluationView:
    return EvaluationView(
        id=evaluation.id,
        rule_version=evaluation.rule_version,
        as_of=evaluation.as_of,
        cause=Cause(evaluation.cause),
        finished_at=evaluation.finished_at,
        joined=_count(shown(evaluation.joined)),
        left=_count(shown(evaluation.left)),
    )


def _count(members: ShownCount) -> CountView:
    return CountView(members.count, members.fewer_than)


def _text(text: Text) -> TextView:
    return TextView(text.lv, text.en)
