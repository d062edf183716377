"""Audiences as the staff API takes and gives them."""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from backend.kernel.models import Sensitivity
from groups.audiences.composing import Wanted
from groups.audiences.models import Audience
from groups.audiences.rules import MOST_GROUPS, MOST_RESIDENTS
from groups.definitions.rules import shown
from groups.definitions.schemas import Line, Rule
from groups.evaluation.ports import EvaluatedBy, Scope
from groups.language.decode import decode
from groups.language.errors import RuleInvalid
from groups.language.things import Purpose
from groups.language.tree import Intersects, Node

Groups = Annotated[list[UUID], Meta(max_length=MOST_GROUPS)]
Area = Annotated[
    object,
    Meta(
        description="A Polygon or MultiPolygon in GeoJSON, WGS-84.",
        extra_json_schema={"type": "object"},
    ),
]
AREA_IN_RULE = "/area/args/1"


class AudienceInput(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """Who is to be in an audience: any of `include`, `rule`, `area` and `residents`.

    Whoever is in one of `exclude` is left out. `area` is where the declared address lies. Ids of
    `residents` that are unknown or struck off are left out.
    """

    purpose: Purpose
    include: Groups = []
    exclude: Groups = []
    rule: Rule | None = None
    area: Area | None = None
    residents: Annotated[list[UUID], Meta(max_length=MOST_RESIDENTS)] = []
    scope: Literal["declared", "linked"] = "declared"
    name: Line | None = None

    def wanted(self, minimum: int) -> Wanted:
        """Read what is wanted; counts below `minimum` are not to be shown.

        Raises:
            RuleInvalid: with a pointer into the body for every fault in the rule or the area.
        """
        return Wanted(
            include=tuple(self.include),
            exclude=tuple(self.exclude),
            rule=self._rule(),
            area=self._area(),
            residents=tuple(self.residents),
            purpose=self.purpose,
            scope=Scope(self.scope),
            name=self.name,
            minimum=minimum,
        )

    def _rule(self) -> Node | None:
        return None if self.rule is None else decode(self.rule, at="/rule", purpose=self.purpose)

    def _area(self) -> Intersects | None:
        if self.area is None:
            return None
        clause = {"op": "s_intersects", "args": [{"property": "location"}, self.area]}
        try:
            node = decode(clause, at="/area", purpose=self.purpose)
        except RuleInvalid as refusal:
            moved = [
                replace(fault, pointer=fault.pointer.replace(AREA_IN_RULE, "/area", 1))
                for fault in refusal.faults
            ]
            raise RuleInvalid(faults=moved) from None
        return node if isinstance(node, Intersects) else None


class GroupSourceView(Struct, rename="camel", frozen=True):
    """A group as it went into an audience: which version of its rule, by which evaluation."""

    group_id: UUID
    rule_version: int
    evaluation_id: UUID


class AudienceView(Struct, rename="camel", frozen=True):
    """A frozen audience; exactly those in it are sent to.

    `count`, or null: below the minimum (`fewerThan`), or `withheld`, because together with what is
    known it would tell of a few people. `evaluatedBy` is null where nothing was evaluated for it.
    """

    id: UUID
    name: str | None
    count: int | None
    fewer_than: int | None
    withheld: bool
    as_of: date
    frozen_at: datetime
    evaluated_by: EvaluatedBy | None
    sensitivity: Sensitivity
    by_place_alone: bool
    include: list[GroupSourceView]
    exclude: list[GroupSourceView]


def audience_view(audience: Audience, minimum: int) -> AudienceView:
    """Shape an audience."""
    size = shown(audience.size, minimum=minimum)
    is_withheld = not audience.size_shown
    evaluated_by = audience.evaluated_by
    return AudienceView(
        id=audience.id,
        name=audience.name,
        count=None if is_withheld else size.count,
        fewer_than=None if is_withheld else size.fewer_than,
        withheld=is_withheld,
        as_of=audience.as_of,
        frozen_at=audience.frozen_at,
        evaluated_by=EvaluatedBy(evaluated_by) if evaluated_by else None,
        sensitivity=Sensitivity(audience.sensitivity),
        by_place_alone=audience.by_place_alone,
        include=_groups(audience, "include"),
        exclude=_groups(audience, "exclude"),
    )


def _groups(audience: Audience, member: str) -> list[GroupSourceView]:
    return msgspec.convert(audience.sources.get(member, []), list[GroupSourceView])
