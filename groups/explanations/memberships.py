"""Whether a resident belongs to a labelled group now, under which rule and since when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, any_, func, select

from backend.kernel.db import ReadSession
from backend.kernel.errors import Text
from backend.kernel.tenancy import MunicipalityId
from groups.definitions.models import GroupRule, ResidentGroup
from groups.definitions.rules import GroupState
from groups.language.spots import Json
from groups.memberships.models import EngineState, ResidentGroups
from groups.registry.models import ResidentFact


@dataclass(frozen=True, slots=True)
class Belonging:
    """A group that the resident belongs to; `followed_on`: the civil day last followed."""

    group_id: UUID
    label: Text | None
    state: GroupState
    rule: Json
    rule_version: int
    since: datetime
    followed_on: date | None


async def belongings(
    session: ReadSession, municipality: MunicipalityId, resident_id: UUID
) -> Mapping[UUID, Belonging]:
    """Give every group that an open resident belongs to now, by id."""
    of_resident = and_(
        ResidentGroups.municipality_id == ResidentFact.municipality_id,
        ResidentGroups.slot == ResidentFact.slot,
    )
    of_number = and_(
        ResidentGroup.municipality_id == ResidentGroups.municipality_id,
        ResidentGroup.number == any_(ResidentGroups.numbers),
    )
    of_rule = and_(
        GroupRule.municipality_id == ResidentGroup.municipality_id,
        GroupRule.group_id == ResidentGroup.id,
        GroupRule.version == ResidentGroup.current_version,
    )
    followed = (
        select(EngineState.as_of)
        .where(EngineState.municipality_id == municipality)
        .scalar_subquery()
    )
    place = func.array_position(ResidentGroups.numbers, ResidentGroup.number)
    rows = await session.execute(
        select(ResidentGroup, GroupRule.rule, ResidentGroups.since[place], followed)
        .select_from(ResidentFact)
        .join(ResidentGroups, of_resident)
        .join(ResidentGroup, of_number)
        .join(GroupRule, of_rule)
        .where(
            ResidentFact.municipality_id == municipality, ResidentFact.resident_id == resident_id
        )
    )
    return {group.id: _belonging(group, rule, since, day) for group, rule, since, day in rows}


def _belonging(
    group: ResidentGroup, rule: Json, since: datetime, followed_on: date | None
) -> Belonging:
    label = Text(group.label_lv, group.label_en) if group.label_lv and group.label_en else None
    return Belonging(
        group.id, label, GroupState(group.state), rule, group.current_version, since, followed_on
    )
