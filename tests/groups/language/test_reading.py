"""What is of the profile becomes a tree, and the tree its one canonical text."""

import json
from datetime import date
from typing import Any

import pytest

from groups.language import tree
from groups.language.attributes import INSTITUTION, PET, PROPERTY, RESIDENT, VEHICLE
from groups.language.decode import decode
from groups.language.encode import canonical, encode
from groups.language.things import Operator, Thing
from groups.registry.feed import files

FAMILIES = (
    '{"args":[{"args":[{"property":"children"},{"args":[{"property":"age"},3,6],"op":"between"}],'
    '"op":"any"},{"args":[{"property":"parish"},"Stopiņu pagasts"],"op":"="}],"op":"and"}'
)
EVERYTHING: dict[str, Any] = {
    "op": "or",
    "args": [
        {"op": "not", "args": [{"op": "isNull", "args": [{"property": "town"}]}]},
        {"op": "in", "args": [{"property": "language"}, ["lv", "en"]]},
        {"op": "<", "args": [{"property": "birth_date"}, {"date": "1960-02-29"}]},
        {"op": "any", "args": [{"property": "pets"}]},
        {"op": "<>", "args": [{"property": "age_months"}, 0]},
        json.loads(FAMILIES),
    ],
}


def reference(thing: Thing, name: str) -> tree.Reference:
    """Name an attribute of a thing."""
    attribute = thing.attribute(name)
    assert attribute is not None
    return tree.Reference(attribute)


def test_a_rule_becomes_a_tree_of_typed_nodes() -> None:
    children, pets = RESIDENT.relation("children"), RESIDENT.relation("pets")
    assert children is not None
    assert pets is not None
    small = tree.Between(reference(children.target, "age"), 3, 6)
    parish = tree.Comparison(Operator.EQUAL, reference(RESIDENT, "parish"), "Stopiņu pagasts")
    born = reference(RESIDENT, "birth_date")
    assert decode(EVERYTHING) == tree.Or(
        (
            tree.Not(tree.IsNull(reference(RESIDENT, "town"))),
            tree.In(reference(RESIDENT, "language"), ("lv", "en")),
            tree.Comparison(Operator.LESS, born, date(1960, 2, 29)),
            tree.Any(pets),
            tree.Comparison(Operator.NOT_EQUAL, reference(RESIDENT, "age_months"), 0),
            tree.And((tree.Any(children, small), parish)),
        )
    )


def test_every_node_knows_its_place_in_the_rule() -> None:
    rule = decode(json.loads(FAMILIES))
    assert isinstance(rule, tree.And)
    related, parish = rule.operands
    assert isinstance(related, tree.Any)
    assert isinstance(related.filter, tree.Between)
    assert isinstance(parish, tree.Comparison)
    assert [
        rule.pointer,
        related.pointer,
        related.filter.pointer,
        related.filter.left.pointer,
        parish.pointer,
    ] == ["", "/args/0", "/args/0/args/1", "/args/0/args/1/args/0", "/args/1"]


def test_a_rule_is_written_as_it_was_read() -> None:
    assert encode(decode(EVERYTHING)) == EVERYTHING


def test_the_canonical_text_does_not_depend_on_how_the_rule_was_written() -> None:
    spaced = json.loads(json.dumps(json.loads(FAMILIES), indent=4, sort_keys=False))
    assert canonical(decode(spaced)).decode() == FAMILIES


def test_texts_are_compared_as_the_registry_writes_them() -> None:
    decomposed = "Stopin\u0327u pagasts"
    rule = {"op": "=", "args": [{"property": "parish"}, decomposed]}
    assert "Stopiņu pagasts" in canonical(decode(rule)).decode()


@pytest.mark.parametrize(
    ("thing", "name", "taken"),
    [
        (RESIDENT, "sex", files.SEXES),
        (RESIDENT, "channels", files.CHANNELS),
        (INSTITUTION, "kind", files.INSTITUTION_KINDS),
        (PROPERTY, "kind", files.PROPERTY_KINDS),
        (PET, "species", files.SPECIES),
        (VEHICLE, "kind", files.VEHICLE_KINDS),
        (VEHICLE, "fuel", files.FUELS),
    ],
)
def test_rules_know_the_values_that_the_registry_takes(
    thing: Thing, name: str, taken: frozenset[str]
) -> None:
    choices = reference(thing, name).attribute.choices
    assert {choice.value for choice in choices} == taken
