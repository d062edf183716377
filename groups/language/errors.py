"""Why a rule is refused: one error for the rule, one stable code for every fault in it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

from backend.kernel.errors import DomainError, Kind, Text


class FaultCode(StrEnum):
    """What is wrong at one spot of a rule; the values are public and never renamed."""

    EXPRESSION_EXPECTED = "expression_expected"
    UNEXPECTED_MEMBER = "unexpected_member"
    UNKNOWN_OPERATOR = "unknown_operator"
    WRONG_ARGUMENT_COUNT = "wrong_argument_count"
    PROPERTY_EXPECTED = "property_expected"
    UNKNOWN_PROPERTY = "unknown_property"
    UNKNOWN_RELATION = "unknown_relation"
    OPERATOR_NOT_ALLOWED = "operator_not_allowed"
    WRONG_TYPE = "wrong_type"
    UNKNOWN_VALUE = "unknown_value"
    WRONG_FORM = "wrong_form"
    OUT_OF_RANGE = "out_of_range"
    EMPTY_RANGE = "empty_range"
    UNSUPPORTED_TEXT = "unsupported_text"
    AREA_EXPECTED = "area_expected"
    RING_OPEN = "ring_open"
    RING_EMPTY = "ring_empty"
    OUTSIDE_PURPOSE = "outside_purpose"
    UNKNOWN_GROUP = "unknown_group"
    GROUP_CYCLE = "group_cycle"
    GROUPS_TOO_DEEP = "groups_too_deep"
    TOO_DEEP = "too_deep"
    TOO_MANY_OPERANDS = "too_many_operands"
    TOO_MANY_VALUES = "too_many_values"
    TOO_MANY_VERTICES = "too_many_vertices"
    TOO_LARGE = "too_large"


FAULT_TITLES: Mapping[FaultCode, Text] = {
    FaultCode.EXPRESSION_EXPECTED: Text(
        lv="Šeit vajadzīga izteiksme ar “op” un “args”",
        en="An expression with “op” and “args” is expected here",
    ),
    FaultCode.UNEXPECTED_MEMBER: Text(
        lv="Šāda lauka izteiksmē nav", en="The expression has no such member"
    ),
    FaultCode.UNKNOWN_OPERATOR: Text(lv="Nezināma darbība", en="Unknown operator"),
    FaultCode.WRONG_ARGUMENT_COUNT: Text(
        lv="Nepareizs argumentu skaits", en="Wrong number of arguments"
    ),
    FaultCode.PROPERTY_EXPECTED: Text(
        lv='Šeit vajadzīga norāde {"property": …}', en='{"property": …} is expected here'
    ),
    FaultCode.UNKNOWN_PROPERTY: Text(lv="Nezināma pazīme", en="Unknown property"),
    FaultCode.UNKNOWN_RELATION: Text(lv="Nezināma saistība", en="Unknown relation"),
    FaultCode.OPERATOR_NOT_ALLOWED: Text(
        lv="Šai pazīmei šī darbība nav atļauta",
        en="This operator is not allowed on this property",
    ),
    FaultCode.WRONG_TYPE: Text(
        lv="Vērtības tips neatbilst pazīmei", en="The value's type does not suit the property"
    ),
    FaultCode.UNKNOWN_VALUE: Text(
        lv="Vērtības nav pazīmes sarakstā", en="The value is not in the property's list"
    ),
    FaultCode.WRONG_FORM: Text(
        lv="Vērtības pieraksts neatbilst pazīmei",
        en="The value is not written as the property's values are",
    ),
    FaultCode.OUT_OF_RANGE: Text(lv="Vērtība ir ārpus robežām", en="The value is out of range"),
    FaultCode.EMPTY_RANGE: Text(
        lv="Apakšējā robeža ir lielāka par augšējo",
        en="The lower bound is greater than the upper",
    ),
    FaultCode.UNSUPPORTED_TEXT: Text(
        lv="Tekstā ir neatļautas rakstzīmes", en="The text has characters that are not allowed"
    ),
    FaultCode.AREA_EXPECTED: Text(
        lv="Šeit vajadzīgs GeoJSON apgabals", en="An area in GeoJSON is expected here"
    ),
    FaultCode.RING_OPEN: Text(
        lv="Apgabala robeža nav noslēgta", en="The area's edge does not end where it began"
    ),
    FaultCode.RING_EMPTY: Text(lv="Robeža neietver neko", en="The edge encloses nothing"),
    FaultCode.OUTSIDE_PURPOSE: Text(
        lv="Grupas mērķim šo pazīmi izmantot nedrīkst",
        en="This property may not be used for the group's purpose",
    ),
    FaultCode.UNKNOWN_GROUP: Text(
        lv="Tādas grupas nav vai tā ir arhivēta", en="No such group, or it is archived"
    ),
    FaultCode.GROUP_CYCLE: Text(
        lv="Grupa ar citu grupu starpniecību atsaucas pati uz sevi",
        en="The group refers to itself by way of other groups",
    ),
    FaultCode.GROUPS_TOO_DEEP: Text(
        lv="Grupas atsaucas cita uz citu pārāk dziļi",
        en="Groups refer to one another too deep",
    ),
    FaultCode.TOO_DEEP: Text(lv="Nosacījums ir pārāk dziļš", en="The rule is nested too deep"),
    FaultCode.TOO_MANY_OPERANDS: Text(lv="Pārāk daudz operandu", en="Too many operands"),
    FaultCode.TOO_MANY_VALUES: Text(lv="Pārāk daudz vērtību", en="Too many values"),
    FaultCode.TOO_MANY_VERTICES: Text(lv="Pārāk daudz virsotņu", en="Too many vertices"),
    FaultCode.TOO_LARGE: Text(lv="Nosacījums ir pārāk garš", en="The rule is too large"),
}
"""What to tell a person about each fault."""


class RuleInvalid(DomainError):
    """The rule is not of the profile; `faults` point to every spot that is wrong."""

    kind = Kind.INVALID
    titles: ClassVar[Mapping[str, Text]] = {
        "rule_invalid": Text(lv="Grupas nosacījums nav derīgs", en="The group's rule is not valid")
    }
