"""The README is what rule writers read: it has to be true."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import groups.language
from groups.language.attributes import RESIDENT
from groups.language.decode import decode
from groups.language.durations import MOST_YEARS
from groups.language.errors import FaultCode
from groups.language.limits import MAX_BYTES, MAX_DEPTH, MAX_OPERANDS, MAX_VALUES, MAX_VERTICES
from groups.language.render import render
from groups.language.things import Operator, Purpose, Thing

README = (Path(groups.language.__path__[0]) / "README.md").read_text(encoding="utf-8")


def things(thing: Thing) -> Iterator[Thing]:
    """List a thing and all that can be reached from it."""
    yield thing
    for relation in thing.relations:
        yield from things(relation.target)


def test_the_example_is_a_rule_and_reads_as_shown() -> None:
    [example] = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    text = render(decode(json.loads(example)))
    shown = " ".join(README.split())
    assert f"*{text.lv}*" in shown
    assert f"*{text.en}*" in shown


def test_every_attribute_value_relation_and_fault_is_named() -> None:
    named = set(re.findall(r"`([^`\s]+)`", README))
    for thing in things(RESIDENT):
        assert named >= {attribute.name for attribute in thing.attributes}
        assert named >= {relation.name for relation in thing.relations}
        assert named >= {each.value for one in thing.attributes for each in one.choices}
    assert named >= set(FaultCode)


def test_every_operator_and_purpose_is_named() -> None:
    named = set(re.findall(r"`([^`\s]+)`", README))
    assert named >= set(Operator) | set(Purpose)


def test_the_limits_are_those_of_the_code() -> None:
    text = " ".join(README.split())
    assert f"at most {MAX_DEPTH} expressions deep, has at most {MAX_VERTICES:,} vertices" in text
    assert f"at most {MAX_BYTES:,} bytes long" in text
    assert f"2 to {MAX_OPERANDS} of them" in README
    assert f"1 to {MAX_VALUES} values" in README
    assert f"at most {MOST_YEARS} years" in text
