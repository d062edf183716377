"""Putting an audience together: any of the groups, rule, area and list, without the excluded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pyroaring import BitMap

from backend.kernel import audit
from backend.kernel.db import WriteSession
from backend.kernel.errors import Fault
from backend.kernel.ids import new_id
from backend.kernel.principals import Principal
from backend.kernel.tenancy import MunicipalityId
from groups.audiences import queries
from groups.audiences.errors import AudienceInvalid
from groups.audiences.models import Audience
from groups.audiences.natures import PEOPLE_LISTED, Nature, nature_of, together
from groups.audiences.queries import GroupAsItStands
from groups.audiences.service import kept, live_groups, source_of
from groups.audiences.showing import may_show
from groups.definitions.queries import share_roster, written_rules
from groups.definitions.references import Graph, check_references
from groups.definitions.rosters import erased
from groups.definitions.service import today
from groups.evaluation.ports import EvaluatedBy, Evaluator, Question, Scope
from groups.language.analysis import group_references
from groups.language.encode import encode
from groups.language.spots import Json
from groups.language.things import Purpose
from groups.language.tree import Intersects, Node
from groups.previews.queries import members_of_groups

INCLUDE_AT, EXCLUDE_AT, RULE_AT = "/include", "/exclude", "/rule"
NOT_REFERRED = -1
"""Steps above a group that is named itself, not by a rule."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Of what an audience is to be made, for which purpose; an area is a rule on the address.

    `minimum`: the smallest count shown as it is.
    """

    include: tuple[UUID, ...]
    exclude: tuple[UUID, ...]
    rule: Node | None
    area: Intersects | None
    residents: tuple[UUID, ...]
    purpose: Purpose
    scope: Scope
    name: str | None
    minimum: int

    @property
    def rules(self) -> tuple[Node, ...]:
        """The rules to evaluate now."""
        return tuple(rule for rule in (self.rule, self.area) if rule is not None)

    @property
    def may_be_counted(self) -> bool:
        """Whether a count may be shown at all.

        Of a list put together with anything else, a count tells how many of the list are in that.
        """
        return not (self.residents and (self.include or self.exclude or self.rules))


@dataclass(slots=True)
class _Gathered:
    """What was found so far: each part, all of them together, as of when, by whom."""

    as_of: date
    parts: list[BitMap]
    evaluated_by: EvaluatedBy | None = None

    def union(self) -> BitMap:
        return BitMap.union(*self.parts) if self.parts else BitMap()


async def compose(
    session: WriteSession, by: Principal, wanted: Wanted, evaluator: Evaluator, now: datetime
) -> Audience:
    """Freeze an audience.

    Raises:
        AudienceInvalid: nothing to make it of, or a group that the purpose may not use.
        RuleInvalid: the rule refers to a group that is not there, or not for the purpose.
        GroupNotFound: no such group.
        GroupHeld, GroupInvalid, GroupArchived: the group's state does not allow it.
    """
    municipality = by.municipality
    await share_roster(session, municipality)
    groups = await live_groups(session, municipality, (*wanted.include, *wanted.exclude))
    await _check(session, municipality, wanted)
    included = [groups[each] for each in dict.fromkeys(wanted.include)]
    excluded = [groups[each] for each in dict.fromkeys(wanted.exclude)]
    gathered = await _gather(session, municipality, wanted, included, evaluator, now)
    without = BitMap.union(BitMap(), *(group.slots for group in excluded))
    # An engine that has not followed an erasure yet still finds who was erased.
    gone = await queries.closed(session, municipality) | await erased(session, municipality)
    before = gathered.union() - gone
    slots = before - without
    parts = [*gathered.parts, *(group.slots for group in excluded), before]
    is_shown = wanted.may_be_counted and await may_show(
        session, by, slots, parts, gathered.as_of, now, minimum=wanted.minimum
    )
    nature = await _nature(session, municipality, wanted)
    audience = Audience(
        municipality_id=municipality,
        id=new_id(),
        slots=kept(slots),
        name=wanted.name,
        size=len(slots),
        size_shown=is_shown,
        as_of=min([gathered.as_of, *(group.as_of for group in excluded)]),
        frozen_at=now,
        sources=_sources(wanted, included, excluded),
        evaluated_by=gathered.evaluated_by and gathered.evaluated_by.value,
        sensitivity=nature.sensitivity.value,
        by_place_alone=nature.by_place_alone,
        created_by=by.subject_id,
    )
    session.add(audience)
    particulars = {"purpose": wanted.purpose.value, "sensitivity": audience.sensitivity}
    subject = ("audience", audience.id)
    audit.record(session, by, "audience.frozen", subject, now=now, particulars=particulars)
    return audience


async def _check(session: WriteSession, municipality: MunicipalityId, wanted: Wanted) -> None:
    if not (wanted.include or wanted.rules or wanted.residents):
        fault = Fault("", "nobody_included", "include, rule, area or residents")
        raise AudienceInvalid(faults=[fault])
    graph = Graph(await written_rules(session, municipality))
    named = [*_spots(INCLUDE_AT, wanted.include), *_spots(EXCLUDE_AT, wanted.exclude)]
    faults = [
        Fault(pointer, code, f"group {group_id} for {wanted.purpose}")
        for pointer, group_id in named
        for code in graph.faults(group_id, None, wanted.purpose, NOT_REFERRED)
    ]
    if faults:
        raise AudienceInvalid(faults=faults)
    if wanted.rule is not None:
        await check_references(session, municipality, wanted.rule, wanted.purpose, at=RULE_AT)


def _spots(at: str, groups: Sequence[UUID]) -> Iterator[tuple[str, UUID]]:
    return ((f"{at}/{index}", group_id) for index, group_id in enumerate(groups))


async def _gather(
    session: WriteSession,
    municipality: MunicipalityId,
    wanted: Wanted,
    included: Sequence[GroupAsItStands],
    evaluator: Evaluator,
    now: datetime,
) -> _Gathered:
    day = today(municipality, now)
    parts = [group.slots for group in included]
    gathered = _Gathered(min([day, *(group.as_of for group in included)]), parts)
    for rule in wanted.rules:
        groups = await members_of_groups(session, group_references(rule))
        question = Question((municipality,), rule, day, wanted.scope, groups)
        found = await evaluator.members(session, question)
        parts.append(found.slots)
        gathered.as_of = min(gathered.as_of, found.as_of)
        gathered.evaluated_by = found.evaluated_by
    if wanted.residents:
        parts.append(await queries.slots_of(session, municipality, wanted.residents))
    return gathered


async def _nature(session: WriteSession, municipality: MunicipalityId, wanted: Wanted) -> Nature:
    asked = await nature_of(session, municipality, (*wanted.include, *wanted.exclude), wanted.rules)
    return together([asked, PEOPLE_LISTED] if wanted.residents else [asked])


def _sources(
    wanted: Wanted, included: Sequence[GroupAsItStands], excluded: Sequence[GroupAsItStands]
) -> dict[str, Json]:
    return {
        "include": [source_of(group) for group in included],
        "exclude": [source_of(group) for group in excluded],
        "rule": None if wanted.rule is None else encode(wanted.rule),
        "area": None if wanted.area is None else encode(wanted.area),
        "residents": len(wanted.residents),
        "purpose": wanted.purpose.value,
        "scope": wanted.scope.value,
    }
