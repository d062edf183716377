"""Rules drawn from the catalogue: whatever it allows will be drawn, new attributes too."""

from typing import Any

from hypothesis import strategies as st

from groups.language.things import Attribute, Operator, Thing, ValueType
from tests.groups.evaluation.oracle import Rule
from tests.groups.evaluation.world import DAYS

WORDS = {
    "language": ["lv", "en", "ru", "uk"],
    "citizenship": ["LV", "LT", "UA", "EE"],
    "parish": ["Stopiņu pagasts", "Ropažu pagasts", 'O\'Hara "%s" $1 pagasts', "stopiņu pagasts"],
    "town": ["Ulbroka", "Zaķumuiža", "Nekurienes"],
    "street": ["Institūta iela", "Vālodzes"],
    "postcode": ["LV-2130", "LV-2133", "LV-1001"],
    "name": ["Pasaciņa", "Ulbrokas vidusskola", "' OR true --"],
}


def values(attribute: Attribute) -> st.SearchStrategy[Any]:
    """Draw a value that the attribute may be compared with."""
    if attribute.choices:
        return st.sampled_from([choice.value for choice in attribute.choices])
    if attribute.type is ValueType.STRING:
        return st.sampled_from(WORDS[attribute.name])
    if attribute.type is ValueType.DATE:
        return st.builds(lambda day: {"date": day.isoformat()}, st.sampled_from(DAYS) | st.dates())
    units = [0, 1, 2, 3, 4, 6, 7, 18, 65, 99] if attribute.name == "age" else [0, 1, 11, 12, 36, 84]
    highest = attribute.age.highest if attribute.age else 100
    return st.sampled_from(units) | st.integers(0, highest)


@st.composite
def clauses(draw: st.DrawFn, thing: Thing) -> Rule:
    """Draw a clause on one attribute of a thing, with any operator that it allows."""
    attribute = draw(st.sampled_from(thing.attributes))
    operator = draw(st.sampled_from(sorted(attribute.operators)))
    arguments: list[Any] = []
    if operator is Operator.BETWEEN:
        arguments = sorted(draw(st.tuples(values(attribute), values(attribute))))
    elif operator is Operator.IN:
        arguments = [draw(st.lists(values(attribute), min_size=1, max_size=5))]
    elif operator is not Operator.IS_NULL:
        arguments = [draw(values(attribute))]
    return {"op": operator.value, "args": [{"property": attribute.name}, *arguments]}


@st.composite
def rules(draw: st.DrawFn, thing: Thing, levels: int = 4) -> Rule:
    """Draw a rule about a thing, nested at most so many levels deep."""
    shapes = ["clause"] if levels == 1 else ["clause", "and", "or", "not", "any", "any"]
    shape = draw(st.sampled_from([each for each in shapes if each != "any" or thing.relations]))
    if shape == "clause":
        return draw(clauses(thing))
    if shape == "any":
        relation = draw(st.sampled_from(thing.relations))
        filters = draw(st.lists(rules(relation.target, levels - 1), max_size=1))
        return {"op": "any", "args": [{"property": relation.name}, *filters]}
    count = 1 if shape == "not" else draw(st.integers(2, 3))
    return {"op": shape, "args": [draw(rules(thing, levels - 1)) for _ in range(count)]}
