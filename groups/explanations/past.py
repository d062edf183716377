"""Why a resident was sent a message then: by the frozen audience and the rules as they were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pyroaring import BitMap
from sqlalchemy import and_, select

from backend.kernel.db import ReadSession
from backend.kernel.errors import Text
from backend.kernel.tenancy import MunicipalityId
from groups.audiences.models import Audience
from groups.definitions.models import GroupRule, ResidentGroup
from groups.language.decode import decode
from groups.language.errors import RuleInvalid
from groups.language.render import render
from groups.language.spots import Json
from groups.memberships.history import members_at
from groups.registry.models import ResidentFact


class SourceKind(StrEnum):
    """By what somebody came into an audience."""

    GROUP = "group"
    RULE = "rule"
    AREA = "area"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Source:
    """One source of an audience that the resident may have come by.

    `is_certain`: it is kept that they did; of several rules and lists it is not known by which.
    `text`: the rule in the version of then; None of a list, or of a rule no longer readable.
    """

    kind: SourceKind
    is_certain: bool
    text: Text | None = None
    label: Text | None = None
    rule_version: int | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """The audience that a resident was in: as of which civil day, frozen when, by which sources."""

    as_of: date
    frozen_at: datetime
    sources: Sequence[Source]


async def why_sent(
    session: ReadSession, municipality: MunicipalityId, audience_id: UUID, resident_id: UUID
) -> Sent | None:
    """Explain why a resident was in an audience; None when they were not, or it is not kept."""
    audience = await session.get(Audience, (municipality, audience_id))
    slot = await session.scalar(
        select(ResidentFact.slot).where(
            ResidentFact.municipality_id == municipality, ResidentFact.resident_id == resident_id
        )
    )
    if audience is None or slot is None or slot not in BitMap.deserialize(audience.slots):
        return None
    named: Mapping[str, Any] = dict(audience.sources)
    included: Sequence[Mapping[str, Any]] = named.get("include", ())
    others = _others(named)
    is_alone = len(included) + len(others) == 1
    sources = [
        source
        for each in included
        if (source := await _group(session, audience, each, slot, is_alone=is_alone)) is not None
    ]
    found_by_group = any(source.is_certain for source in sources)
    if not found_by_group:
        sources += [Source(kind, is_alone, text) for kind, text in others]
    return Sent(audience.as_of, audience.frozen_at, sources)


def _others(named: Mapping[str, Any]) -> list[tuple[SourceKind, Text | None]]:
    """List the sources that are no groups."""
    rules = ((SourceKind.RULE, named.get("rule")), (SourceKind.AREA, named.get("area")))
    found = [(kind, _words(rule)) for kind, rule in rules if rule]
    return [*found, (SourceKind.LIST, None)] if named.get("residents") else found


async def _group(
    session: ReadSession, audience: Audience, named: Mapping[str, Any], slot: int, *, is_alone: bool
) -> Source | None:
    """Tell of one group, unless it is kept that the resident did not belong to it then."""
    municipality, group_id = MunicipalityId(audience.municipality_id), UUID(named["groupId"])
    members = await members_at(session, municipality, group_id, audience.frozen_at)
    if members is not None and slot not in members:
        return None
    of_rule = and_(
        GroupRule.municipality_id == ResidentGroup.municipality_id,
        GroupRule.group_id == ResidentGroup.id,
        GroupRule.version == named["ruleVersion"],
    )
    found = await session.execute(
        select(ResidentGroup.label_lv, ResidentGroup.label_en, GroupRule.rule)
        .join(GroupRule, of_rule)
        .where(ResidentGroup.municipality_id == municipality, ResidentGroup.id == group_id)
    )
    label_lv, label_en, rule = found.one()
    return Source(
        kind=SourceKind.GROUP,
        is_certain=is_alone or members is not None,
        text=_words(rule),
        label=Text(label_lv, label_en) if label_lv and label_en else None,
        rule_version=named["ruleVersion"],
    )


def _words(rule: Json) -> Text | None:
    try:
        return render(decode(rule))
    except RuleInvalid:
        return None
