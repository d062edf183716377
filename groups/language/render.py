"""A rule in words, for the person who writes, approves or meets it, in Latvian and English.

Free texts stand in quotes, so that no value can pose as a part of the rule.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from backend.kernel.errors import Text
from groups.language.things import Attribute, Operator
from groups.language.tree import (
    And,
    Any,
    Between,
    Comparison,
    In,
    IsNull,
    Leaf,
    Node,
    Not,
    Or,
    Value,
)

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
LAST_OF_LIST = Text(lv=" vai ", en=" or ")
UNKNOWN = Text(lv=": nav ziņu", en=": not known")
QUOTED = Text(lv="„{}”", en="“{}”")
INNER_QUOTES = dict.fromkeys(map(ord, '„“”"'), "'")
"""Quotation marks within a quoted text become single ones, or it could end where it likes."""
YES = Text(lv="jā", en="yes")
NO = Text(lv="nē", en="no")


def render(rule: Node) -> Text:
    """Write the rule out for people, in both languages."""
    return Text(
        lv=_Writer(lambda text: text.lv).node(rule), en=_Writer(lambda text: text.en).node(rule)
    )


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes in one language; `related` is set within a relation, where an age names itself."""

    say: Callable[[Text], str]
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
                return self.relation(rule)
            case _:
                return self.leaf(rule)

    def part(self, rule: Node) -> str:
        """Write an operand, in brackets where it has operands of its own."""
        text = self.node(rule)
        return f"({text})" if isinstance(rule, And | Or) else text

    def relation(self, rule: Any) -> str:
        if rule.filter is None:
            return self.say(rule.relation.presence)
        inner = _Writer(self.say, related=True).node(rule.filter)
        bare = isinstance(rule.filter, Between | Comparison) and rule.filter.left.attribute.age
        return f"{self.say(rule.relation.title)} {inner if bare else f'({inner})'}"

    def leaf(self, clause: Leaf) -> str:
        attribute = clause.left.attribute
        name = "" if self.related and attribute.unit else self.say(attribute.title)
        return self.clause(clause, name, attribute).lstrip(": ")

    def clause(self, clause: Leaf, name: str, attribute: Attribute) -> str:
        match clause:
            case Comparison():
                sign = self.say(SIGNS[clause.operator])
                return f"{name}{sign} {self.value(attribute, clause.right)}"
            case Between():
                return f"{name} {clause.lower}–{clause.upper}{self.unit(attribute)}"
            case In():
                return f"{name}: {self.values(attribute, clause.values)}"
            case IsNull():
                return f"{self.say(attribute.title)}{self.say(UNKNOWN)}"

    def values(self, attribute: Attribute, values: tuple[Value, ...]) -> str:
        *others, last = [self.bare(attribute, value) for value in values]
        listed = f"{', '.join(others)}{self.say(LAST_OF_LIST)}{last}" if others else last
        return listed + self.unit(attribute)

    def value(self, attribute: Attribute, value: Value) -> str:
        return self.bare(attribute, value) + self.unit(attribute)

    def unit(self, attribute: Attribute) -> str:
        return f" {self.say(attribute.unit)}" if attribute.unit else ""

    def bare(self, attribute: Attribute, value: Value) -> str:
        """Write a value without its unit."""
        for choice in attribute.choices:
            if choice.value == value:
                return self.say(choice.title)
        if isinstance(value, bool):
            return self.say(YES if value else NO)
        if isinstance(value, str):
            return self.say(QUOTED).format(value.translate(INNER_QUOTES))
        return value.isoformat() if isinstance(value, date) else str(value)
