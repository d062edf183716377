"""The catalogue written as JSON Schema."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from msgspec import UNSET

from groups.language.attributes import RESIDENT
from groups.language.registers import REGISTERS
from groups.language.things import (
    Attribute,
    Operator,
    Provenance,
    Purpose,
    Relation,
    Thing,
    ValueType,
)
from groups.queryables.lookups import is_allowed
from groups.queryables.schemas import (
    DIALECT,
    PATH,
    QueryablesView,
    QueryableView,
    RegisterView,
    TagView,
    text_view,
)


@cache
def queryables(purpose: Purpose | None) -> QueryablesView:
    """Write all that may be asked of a resident for a purpose; without one, for any."""
    return QueryablesView(
        dialect=DIALECT,
        id=PATH if purpose is None else f"{PATH}?purpose={purpose}",
        type="object",
        title=RESIDENT.title.lv,
        titles=text_view(RESIDENT.title),
        properties=_properties(RESIDENT, purpose),
        additional_properties=False,
    )


def _properties(thing: Thing, purpose: Purpose | None) -> dict[str, QueryableView]:
    attributes = {
        each.name: _attribute(each)
        for each in thing.attributes
        if is_allowed(each.provenance, purpose)
    }
    relations = {
        each.name: _relation(each, purpose)
        for each in thing.relations
        if is_allowed(each.provenance, purpose)
    }
    return attributes | relations


def _relation(relation: Relation, purpose: Purpose | None) -> QueryableView:
    return QueryableView(
        title=relation.title.lv,
        titles=text_view(relation.title),
        operators=[],
        functions=["any", "count"],
        type="object",
        properties=_properties(relation.target, purpose),
        **_provenance(relation.provenance),
    )


def _attribute(attribute: Attribute) -> QueryableView:
    return QueryableView(
        title=attribute.title.lv,
        titles=text_view(attribute.title),
        operators=[each for each in Operator if each in attribute.operators],
        functions=_functions(attribute),
        unit=text_view(attribute.unit) if attribute.unit else UNSET,
        enum_titles={each.value: text_view(each.title) for each in attribute.choices} or UNSET,
        lookup=f"{PATH}/{attribute.lookup}/values" if attribute.lookup else UNSET,
        **_provenance(attribute.provenance),
        **_values(attribute),
    )


def _functions(attribute: Attribute) -> list[str]:
    if attribute.type is ValueType.DATE:
        return ["age_in_year", "today"]
    return ["casei"] if Operator.LIKE in attribute.operators else []


def _provenance(provenance: Provenance) -> Mapping[str, Any]:
    entry = REGISTERS[provenance.register]
    return {
        "register": RegisterView(provenance.register, text_view(entry.title)),
        "legal_basis": text_view(entry.legal_basis),
        "sensitivity": provenance.sensitivity,
        "purposes": [each for each in Purpose if each in provenance.purposes],
    }


def _values(attribute: Attribute) -> Mapping[str, Any]:
    """Write the type of the values, and which there are."""
    match attribute.type:
        case ValueType.INTEGER:
            highest = attribute.age.highest if attribute.age else attribute.highest
            bounds = {} if highest is None else {"minimum": 0, "maximum": highest}
            return {"type": "integer", **bounds}
        case ValueType.STRING:
            return {"type": "string", **_words(attribute)}
        case ValueType.DATE:
            return {"type": "string", "format": "date"}
        case ValueType.TAGS:
            return {"type": "array", "items": TagView("string", **_words(attribute))}
        case ValueType.POINT:
            return {"format": "geometry-point"}


def _words(attribute: Attribute) -> Mapping[str, Any]:
    if attribute.choices:
        return {"enum": [each.value for each in attribute.choices]}
    return {"pattern": f"^(?:{attribute.pattern})$"} if attribute.pattern else {}
