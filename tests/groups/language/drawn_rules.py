"""Rules drawn from the catalogue: whatever it allows will be drawn, new attributes too."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeAlias

from hypothesis import strategies as st

from groups.language.attributes import RESIDENT
from groups.language.things import COMPARISONS, Attribute, Operator, Thing, ValueType

Rule: TypeAlias = dict[str, Any]
Draw: TypeAlias = st.SearchStrategy[Any]

WORDS = {
    "language": ["lv", "en", "ru", "uk"],
    "citizenship": ["LV", "LT", "UA", "EE"],
    "parish": ["Stopiņu pagasts", "Ropažu pagasts", 'O\'Hara "%s" $1 pagasts', "stopiņu pagasts"],
    "town": ["Ulbroka", "Zaķumuiža", "Nekurienes"],
    "street": ["Institūta iela", "Vālodzes", "INSTITŪTA IELA"],
    "postcode": ["LV-2130", "LV-2133", "LV-1001"],
    "name": ["Pasaciņa", "Ulbrokas vidusskola", "' OR true --"],
    "interests": ["sport", "culture", "roads", "nobody-has-it"],
    "social_statuses": ["low_income", "disability", "nobody-has-it"],
}
"""Some values of every attribute that takes any text; a new one needs a line."""

PATTERNS = ["%iela", "Inst%", "%", "_lbroka", "%a%", "stopi_u%", r"100\%", r"\\%", "%'%"]
DAYS = [date(2020, 2, 29), date(2019, 3, 1), date(1990, 6, 1), date(2026, 11, 20), date(1, 1, 1)]
DURATIONS = ["-P90D", "P0D", "-P1Y", "P2W", "-P1Y2M3D", "-P18Y", "P1M", "-P200Y"]
CENTRES = [(24.301, 56.935), (24.1, 56.95), (24.7, 56.9), (21.2, 56.5)]
"""Longitude and latitude; the first is in Ulbroka."""


def call(operator: str, *arguments: object) -> Rule:
    """Write an expression."""
    return {"op": operator, "args": list(arguments)}


def rules(thing: Thing = RESIDENT, levels: int = 4, groups: Sequence[str] = ()) -> Draw:
    """Draw a rule about a thing, nested at most so many levels deep.

    `groups`: ids that it may refer to; without any, it refers to none.
    """
    of_groups = groups if thing is RESIDENT else ()
    leaf = clauses(thing, levels)
    if of_groups:
        leaf = leaf | st.sampled_from(list(of_groups)).map(lambda group: call("in_group", group))
    if levels == 1:
        return leaf
    inner = st.deferred(lambda: rules(thing, levels - 1, of_groups))
    joined = st.builds(
        lambda operator, operands: call(operator, *operands),
        st.sampled_from(["and", "or"]),
        st.lists(inner, min_size=2, max_size=3),
    )
    shapes = [leaf, joined, joined, inner.map(lambda rule: call("not", rule))]
    if thing.relations:
        shapes.append(related("any", thing, levels))
    return st.one_of(shapes)


def related(operator: str, thing: Thing, levels: int) -> Draw:
    """Draw `any` or `count` over a relation, with a rule about its things or without."""

    def filtered(name: str) -> Draw:
        relation = thing.relation(name)
        assert relation is not None
        plain = st.just(call(operator, {"property": name}))
        if levels == 1:
            return plain
        inner = rules(relation.target, levels - 1)
        return plain | inner.map(lambda rule: call(operator, {"property": name}, rule))

    return st.sampled_from([each.name for each in thing.relations]).flatmap(filtered)


def clauses(thing: Thing, levels: int = 1) -> Draw:
    """Draw a clause on any attribute of a thing, or on a function of it."""
    dated = [each.name for each in thing.attributes if each.type is ValueType.DATE]
    kinds = [st.sampled_from(thing.attributes).flatmap(on_attribute)]
    if dated:
        ages = st.sampled_from(dated).map(lambda name: call("age_in_year", {"property": name}))
        kinds.append(ages.flatmap(lambda left: compared(left, st.integers(0, 150))))
    if thing.relations:
        counts = related("count", thing, levels)
        kinds.append(counts.flatmap(lambda left: compared(left, st.integers(0, 4))))
    return st.one_of(kinds)


def on_attribute(attribute: Attribute) -> Draw:
    """Draw a clause on one attribute, with any operator that it allows."""
    operators = sorted(attribute.operators)
    clause = st.sampled_from(operators).flatmap(lambda each: with_operator(attribute, each))
    if Operator.LIKE not in attribute.operators:
        return clause
    return clause | on_folded(attribute)


def with_operator(attribute: Attribute, operator: Operator) -> Draw:
    """Draw a clause on one attribute with one operator."""
    left = {"property": attribute.name}
    if operator is Operator.IS_NULL:
        return st.just(call("isNull", left))
    if operator is Operator.LIKE:
        return st.sampled_from(PATTERNS).map(lambda pattern: call("like", left, pattern))
    if operator is Operator.INTERSECTS:
        return areas().map(lambda area: call("s_intersects", left, area))
    if operator in {Operator.CONTAINS, Operator.OVERLAPS, Operator.IN}:
        listed = st.lists(values(attribute), min_size=1, max_size=5)
        return listed.map(lambda chosen: call(operator.value, left, chosen))
    if operator is Operator.BETWEEN:
        return ordered(left, values(attribute))
    return values(attribute).map(lambda value: call(operator.value, left, value))


def on_folded(attribute: Attribute) -> Draw:
    """Draw a clause that does not regard capital letters."""
    left = call("casei", {"property": attribute.name})
    value = values(attribute).map(str.upper).map(lambda text: call("casei", text))
    pattern = st.sampled_from(PATTERNS).map(lambda text: call("casei", text.upper()))
    listed = st.lists(value, min_size=1, max_size=5)
    return st.one_of(
        value.map(lambda each: call("=", left, each)),
        value.map(lambda each: call("<>", left, each)),
        listed.map(lambda each: call("in", left, each)),
        pattern.map(lambda each: call("like", left, each)),
    )


def compared(left: Rule, numbers: Draw) -> Draw:
    """Draw a clause on a whole number."""
    operator = st.sampled_from(sorted(COMPARISONS))
    return st.one_of(
        st.builds(lambda each, number: call(each, left, number), operator, numbers),
        st.lists(numbers, min_size=1, max_size=4).map(lambda each: call("in", left, each)),
        ordered(left, numbers),
    )


def ordered(left: Rule, numbers: Draw) -> Draw:
    """Draw a range that is not empty."""
    return st.tuples(numbers, numbers).map(lambda two: call("between", left, min(two), max(two)))


def values(attribute: Attribute) -> Draw:
    """Draw a value that the attribute may be compared with."""
    if attribute.choices:
        return st.sampled_from([choice.value for choice in attribute.choices])
    if attribute.type in {ValueType.STRING, ValueType.TAGS}:
        return st.sampled_from(WORDS[attribute.name])
    if attribute.type is ValueType.DATE:
        fixed = (st.sampled_from(DAYS) | st.dates()).map(lambda day: {"date": day.isoformat()})
        moved = st.sampled_from(DURATIONS).map(lambda duration: call("today", duration))
        return fixed | moved | st.just(call("today"))
    units = [0, 1, 2, 3, 4, 6, 7, 18, 65, 99] if attribute.name == "age" else [0, 1, 11, 12, 36, 84]
    highest = attribute.age.highest if attribute.age else attribute.highest
    return st.sampled_from(units) | st.integers(0, highest or 100)


def areas() -> Draw:
    """Draw a diamond or a ragged ring, maybe with a hole, or several."""
    polygon = st.lists(rings(), min_size=1, max_size=2)
    return polygon.map(lambda each: {"type": "Polygon", "coordinates": each}) | st.lists(
        polygon, min_size=1, max_size=2
    ).map(lambda each: {"type": "MultiPolygon", "coordinates": each})


@st.composite
def rings(draw: st.DrawFn) -> list[list[float]]:
    """Draw a closed ring around one of the centres; 0.00032 degrees north are 36 metres."""
    east, north = draw(st.sampled_from(CENTRES))
    reach = draw(st.sampled_from([0.00032, 0.001, 0.01, 0.1]))
    sides = draw(st.lists(st.floats(0.3, 1), min_size=4, max_size=4))
    corners = [
        [east + reach * sides[0], north],
        [east, north + reach * sides[1]],
        [east - reach * sides[2], north],
        [east, north - reach * sides[3]],
    ]
    return [*corners, corners[0]]
