"""Queryables as the staff API gives them: a JSON Schema document that a rule builder reads."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from backend.kernel.errors import Text
from backend.kernel.models import Sensitivity
from backend.kernel.views import TextView
from groups.language.things import Operator, Purpose, Register

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PATH = "/staff/v1/queryables"


class RegisterView(Struct, rename="camel", frozen=True):
    """The register that a property comes from."""

    code: Register
    title: TextView


class TagView(Struct, frozen=True, omit_defaults=True):
    """What one word of a list of tags is."""

    type: Literal["string"]
    pattern: str | UnsetType = UNSET
    enum: list[str] | UnsetType = UNSET


class QueryableView(Struct, frozen=True, omit_defaults=True):
    """A property that a rule may ask about, or, with `properties`, a relation to related things.

    What JSON Schema has no word for begins with `x-`. A point has no type, only a format.
    """

    title: Annotated[str, Meta(description="In Latvian; both languages are in `x-titles`.")]
    titles: TextView = field(name="x-titles")
    register: RegisterView = field(name="x-register")
    legal_basis: TextView = field(name="x-legal-basis")
    sensitivity: Sensitivity = field(name="x-sensitivity")
    purposes: list[Purpose] = field(name="x-purposes")
    operators: Annotated[
        list[Operator], Meta(description="Operators of CQL2; none of a relation.")
    ] = field(name="x-operators")
    functions: Annotated[
        list[str], Meta(description="Functions that take the property, such as `casei` or `count`.")
    ] = field(name="x-functions")
    type: Literal["integer", "string", "array", "object"] | UnsetType = UNSET
    format: Literal["date", "geometry-point"] | UnsetType = UNSET
    minimum: int | UnsetType = UNSET
    maximum: int | UnsetType = UNSET
    pattern: str | UnsetType = UNSET
    enum: list[str] | UnsetType = UNSET
    items: TagView | UnsetType = UNSET
    properties: "dict[str, QueryableView] | UnsetType" = UNSET
    unit: TextView | UnsetType = field(default=UNSET, name="x-unit")
    enum_titles: dict[str, TextView] | UnsetType = field(default=UNSET, name="x-enum-titles")
    lookup: Annotated[str, Meta(description="Path that lists the values.")] | UnsetType = field(
        default=UNSET, name="x-lookup"
    )


class QueryablesView(Struct, frozen=True):
    """A JSON Schema of a resident as rules see them."""

    dialect: str = field(name="$schema")
    id: str = field(name="$id")
    type: Literal["object"]
    title: str
    titles: TextView = field(name="x-titles")
    properties: dict[str, QueryableView]
    additional_properties: bool = field(name="additionalProperties")


class QueryableValuesView(Struct, rename="camel", frozen=True):
    """Values that the municipality's registry holds now."""

    values: list[str]


def text_view(text: Text) -> TextView:
    """Show a text in both languages."""
    return TextView(text.lv, text.en)
