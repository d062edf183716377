"""Whatever the catalogue allows is read, written back the same, said in words, and is CQL2."""

import json
from typing import TypeAlias

import cql2
from hypothesis import HealthCheck, given, settings

from groups.language.analysis import looked_up, parts
from groups.language.decode import decode
from groups.language.encode import canonical, encode
from groups.language.render import clause_text, render
from groups.language.spots import Json
from groups.language.tree import AgeInYear, Count, Node, Reference
from tests.groups.language.drawn_rules import rules

Part: TypeAlias = Node | Reference | AgeInYear | Count
GROUP = "0198a0a0-0000-7000-8000-000000000001"
RULES = rules(levels=4, groups=[GROUP])
many = settings(
    max_examples=300,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@many
@given(RULES)
def test_a_rule_that_is_written_and_read_again_is_the_same(rule: Json) -> None:
    tree = decode(rule)
    assert decode(encode(tree)) == tree
    assert canonical(decode(encode(tree))) == canonical(tree)


@settings(many, max_examples=100)  # a validation takes 65 ms
@given(RULES)
def test_every_rule_that_is_taken_is_valid_by_the_standards_schema(rule: Json) -> None:
    both = {"op": "and", "args": [rule, encode(decode(rule))]}
    cql2.parse_json(json.dumps(both)).validate()


@many
@given(RULES)
def test_every_part_of_a_rule_stands_at_its_pointer_and_has_words(rule: Json) -> None:
    tree = decode(rule)
    assert render(tree).lv
    assert render(tree).en
    for part in parts(tree):
        at_its_spot(rule, part)
        if not isinstance(part, Reference | AgeInYear | Count):
            assert clause_text(part).lv


def at_its_spot(rule: Json, part: Part) -> None:
    """Check that the pointer leads to what was read."""
    written = found(rule, part.pointer)
    if isinstance(part, Reference):
        assert written == {"property": part.attribute.name}
    else:
        assert isinstance(written, dict)
        assert set(written) == {"op", "args"}


def found(document: Json, pointer: str) -> Json:
    """Follow a JSON Pointer."""
    for token in pointer.split("/")[1:]:
        if isinstance(document, list):
            document = document[int(token)]
        else:
            assert isinstance(document, dict)
            document = document[token]
    return document


@many
@given(RULES)
def test_a_looked_up_value_stands_at_its_pointer(rule: Json) -> None:
    for value in looked_up(decode(rule)):
        written = found(rule, value.pointer)
        assert written == ({"op": "casei", "args": [value.value]} if value.folded else value.value)
