"""A rule in words, for the person who writes, approves or meets it, in Latvian and English."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from backend.kernel.errors import Text
from groups.language.functions import BIRTHS, measure
from groups.language.things import Attribute, Operator
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
    Leaf,
    Left,
    Like,
    Node,
    Not,
    Or,
    Reference,
    Tagged,
)
from groups.language.words import AND_LAST, OR_LAST, Say, drawn, listed, quoted, valued

SIGNS: Mapping[Operator, Text] = {
    Operator.EQUAL: Text(lv=":", en=":"),
    Operator.NOT_EQUAL: Text(lv=" nav", en=" is not"),
    Operator.LESS: Text(lv=" <", en=" <"),
    Operator.AT_MOST: Text(lv=" ≤", en=" ≤"),
    Operator.GREATER: Text(lv=" >", en=" >"),
    Operator.AT_LEAST: Text(lv=" ≥", en=" ≥"),
}
AND = Text(lv=" UN ", en=" AND ")
OR = Text(lv=" VAI ", en=" OR ")
NOT = Text(lv="NE ", en="NOT ")
UNKNOWN = Text(lv=": nav ziņu", en=": not known")
LIKE = Text(lv=" atbilst", en=" matches")
FOLDED = Text(lv=" (arī citiem burtu lielumiem)", en=" (in any case)")
MEMBER = Text(lv="pieder grupai {}", en="belongs to the group {}")
IN_YEAR = Text(lv="pilni gadi šajā gadā ({})", en="years completed this year ({})")

NO_NAMES: Mapping[UUID, Text] = {}


def render(rule: Node, groups: Mapping[UUID, Text] = NO_NAMES) -> Text:
    """Write the rule out for people, in both languages; `groups` names those it refers to."""
    return Text(
        lv=_Writer(lambda text: text.lv, groups).node(rule),
        en=_Writer(lambda text: text.en, groups).node(rule),
    )


def clause_text(node: Node, groups: Mapping[UUID, Text] = NO_NAMES) -> Text:
    """Write out one part of a rule by itself, wherever in the rule it stands."""
    return render(node, groups)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes in one language; `related` is set within a relation, where an age names itself."""

    say: Say
    groups: Mapping[UUID, Text] = field(default_factory=dict[UUID, Text])
    related: bool = False

    def node(self, rule: Node) -> str:
        match rule:
            case And(operands):
                return self.say(AND).join(self.part(operand) for operand in operands)
            case Or(operands):
                return self.say(OR).join(self.part(operand) for operand in operands)
            case Not(operand):
                return f"{self.say(NOT)}({self.node(operand)})"
            case Any():
                return self.say(rule.relation.presence) if rule.filter is None else self.those(rule)
            case _:
                return self.clause(rule).lstrip(": ")

    def part(self, rule: Node) -> str:
        """Write an operand, in brackets where it has operands of its own."""
        text = self.node(rule)
        return f"({text})" if isinstance(rule, And | Or) else text

    def those(self, part: Any | Count) -> str:
        """Name the related things and what is asked of them; an age stands by itself."""
        title = self.say(part.relation.title)
        if part.filter is None:
            return title
        inner = replace(self, related=True).node(part.filter)
        return f"{title} {inner}" if _asks_age(part.filter) else f"{title} ({inner})"

    def clause(self, clause: Leaf) -> str:
        match clause:
            case InGroup(group_id):
                named = self.groups.get(group_id)
                return self.say(MEMBER).format(
                    quoted(self.say(named), self.say) if named else str(group_id)
                )
            case IsNull(left):
                return f"{self.say(left.attribute.title)}{self.say(UNKNOWN)}"
            case Comparison(operator, left, right):
                value = valued(right, measure(left), self.say)
                return f"{self.name(left)}{self.say(SIGNS[operator])} {value}{self.tail(left)}"
            case Between(left, lower, upper):
                return f"{self.name(left)} {lower}–{upper}{self.tail(left)}"
            case _:
                return self.set_or_shape(clause)

    def set_or_shape(self, clause: In | Like | Tagged | Intersects) -> str:
        name, attribute = self.name(clause.left), measure(clause.left)
        match clause:
            case In(left, values):
                words = [valued(value, attribute, self.say) for value in values]
                return f"{name}: {listed(words, self.say(OR_LAST))}{self.tail(left)}"
            case Like(left, pattern):
                return f"{name}{self.say(LIKE)} {quoted(pattern, self.say)}{self.tail(left)}"
            case Tagged(operator):
                words = [valued(word, attribute, self.say) for word in clause.words]
                last = AND_LAST if operator == Operator.CONTAINS else OR_LAST
                return f"{name}: {listed(words, self.say(last))}"
            case Intersects():
                return f"{name}: {drawn(clause.area, self.say)}"

    def name(self, left: Left) -> str:
        match left:
            case Reference(attribute):
                return "" if self.related and attribute.unit else self.say(attribute.title)
            case AgeInYear(born):
                return self.in_year(born.attribute, left)
            case Count():
                return f"{self.those(left)}, {self.say(measure(left).title)}"

    def in_year(self, since: Attribute, left: Left) -> str:
        if since.name in BIRTHS:
            return self.say(measure(left).title)
        return self.say(IN_YEAR).format(self.say(since.title))

    def tail(self, left: Left) -> str:
        """Write what follows a value: its unit, or that letters' size does not matter."""
        unit = measure(left).unit
        folded = isinstance(left, Reference) and left.folded
        return f"{f' {self.say(unit)}' if unit else ''}{self.say(FOLDED) if folded else ''}"


def _asks_age(rule: Node) -> bool:
    """Tell whether a clause compares an age, which names itself by its unit."""
    if not isinstance(rule, Comparison | Between):
        return False
    return isinstance(rule.left, Reference) and rule.left.attribute.age is not None
