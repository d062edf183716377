"""Previews as the staff API takes and gives them."""

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct

from backend.kernel.views import TextView
from groups.definitions.schemas import Rule
from groups.evaluation.ports import EvaluatedBy, Scope
from groups.guard.rules import ShownSize
from groups.language.decode import decode
from groups.language.render import render
from groups.language.things import Purpose
from groups.language.tree import And, Node, Or
from groups.previews.rules import RULE_AT
from groups.previews.service import Asked, ShownPreview


class PreviewInput(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """A rule to preview for a purpose.

    `asOf` is a civil day from today to 366 days ahead; none: today. The scope `all`, every
    municipality of the deployment, is for operators.
    """

    rule: Rule
    purpose: Purpose
    scope: Scope = Scope.DECLARED
    as_of: date | None = None

    def asked(self, minimum: int) -> Asked:
        """Read what is asked; counts below `minimum` are not to be shown.

        Raises:
            RuleInvalid: with a pointer into the body for every fault in the rule.
        """
        rule = decode(self.rule, at=RULE_AT, purpose=self.purpose)
        return Asked(rule, self.purpose, self.scope, self.as_of, minimum)


class ShownSizeView(Struct, rename="camel", frozen=True):
    """A number of residents: `count`, or null.

    Then it is below the minimum that `fewerThan` names, or `withheld`: together with what you were
    shown before it would tell of a few people.
    """

    count: int | None
    fewer_than: int | None
    withheld: bool


class FunnelStep(Struct, rename="camel", frozen=True):
    """How many are left after one clause, the clauses before it included."""

    pointer: str
    text: TextView
    count: int | None
    fewer_than: int | None
    withheld: bool


class PreviewView(Struct, rename="camel", frozen=True):
    """How many a rule would let in on the civil day `asOf`, clause by clause.

    `count`, or null: below the minimum (`fewerThan`), or `withheld`. `everybody` is the scope
    without the rule. `factsAt` is the instant as of which facts are followed; null: read now.
    """

    count: int | None
    fewer_than: int | None
    withheld: bool
    everybody: ShownSizeView
    funnel: list[FunnelStep]
    as_of: date
    evaluated_by: EvaluatedBy
    facts_at: datetime | None
    text: TextView


def preview_view(shown: ShownPreview, rule: Node) -> PreviewView:
    """Shape a preview."""
    clauses = _clauses(rule)
    whole, everybody = shown.whole, shown.everybody
    return PreviewView(
        count=whole.count,
        fewer_than=whole.fewer_than,
        withheld=whole.withheld,
        everybody=ShownSizeView(everybody.count, everybody.fewer_than, everybody.withheld),
        funnel=[_step(pointer, size, clauses) for pointer, size in shown.steps],
        as_of=shown.found.as_of,
        evaluated_by=shown.found.evaluated_by,
        facts_at=shown.found.facts_at,
        text=_text(rule),
    )


def _clauses(rule: Node) -> Mapping[str, Node]:
    operands = rule.operands if isinstance(rule, And | Or) else ()
    return {clause.pointer: clause for clause in (rule, *operands)}


def _step(pointer: str, size: ShownSize, clauses: Mapping[str, Node]) -> FunnelStep:
    text = _text(clauses[pointer])
    return FunnelStep(RULE_AT + pointer, text, size.count, size.fewer_than, size.withheld)


def _text(rule: Node) -> TextView:
    text = render(rule)
    return TextView(text.lv, text.en)
