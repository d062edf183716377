"""Freezing audiences: of one group, or put together of groups, a rule, an area and a list."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pyroaring import BitMap

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.ids import new_id
from backend.kernel.tenancy import MunicipalityId
from groups.audiences import queries
from groups.audiences.errors import AudienceNotFound
from groups.audiences.models import Audience
from groups.audiences.natures import nature_of
from groups.audiences.queries import GroupAsItStands
from groups.definitions.errors import GroupArchived, GroupHeld, GroupInvalid, GroupNotFound
from groups.definitions.queries import share_roster
from groups.definitions.rules import GroupState

REFUSALS = {
    GroupState.HELD: GroupHeld,
    GroupState.INVALID: GroupInvalid,
    GroupState.ARCHIVED: GroupArchived,
}
"""Why a group in a state is not sent to: a person decides first, or nobody ever."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A frozen audience of one group, without its members."""

    id: UUID
    size: int
    rule_version: int
    as_of: date


async def live_groups(
    session: ReadSession, municipality: MunicipalityId, group_ids: Collection[UUID]
) -> Mapping[UUID, GroupAsItStands]:
    """Read groups that may be sent to.

    Raises:
        GroupNotFound: no such group.
        GroupHeld, GroupInvalid, GroupArchived: the group's state does not allow it.
    """
    if not group_ids:
        return {}
    stand = await queries.groups_as_they_stand(session, municipality, group_ids)
    found = {group.group_id: group for group in stand}
    for group_id in group_ids:
        if group_id in found:
            check_state(found[group_id].state)
        else:
            await _check_without_members(session, municipality, group_id)
    return found


def check_state(state: GroupState) -> None:
    """Refuse a group that is not live.

    Raises:
        GroupHeld, GroupInvalid, GroupArchived: the state does not allow sending.
    """
    if state in REFUSALS:
        raise REFUSALS[state]


async def _check_without_members(
    session: ReadSession, municipality: MunicipalityId, group_id: UUID
) -> None:
    """Say why a group has no members kept: it is archived, or there is no such group."""
    known = await queries.state_of(session, municipality, group_id)
    if known is not None:
        check_state(known[0])
    raise GroupNotFound


async def freeze_audience(
    session: WriteSession, municipality: MunicipalityId, group_id: UUID, now: datetime
) -> Frozen:
    """Keep the present members of a group as they are, whatever becomes of the group.

    Nobody is erased between reading and keeping: erasing holds the roster.

    Raises:
        GroupNotFound: no such group.
        GroupHeld, GroupInvalid, GroupArchived: the group's state does not allow it.
    """
    await share_roster(session, municipality)
    group = (await live_groups(session, municipality, [group_id]))[group_id]
    nature = await nature_of(session, municipality, [group_id], [])
    slots = group.slots - await queries.closed(session, municipality)
    audience = Audience(
        municipality_id=municipality,
        id=new_id(),
        slots=kept(slots),
        name=None,
        size=len(slots),
        size_shown=group.size_shown,
        as_of=group.as_of,
        frozen_at=now,
        sources={"include": [source_of(group)]},
        evaluated_by=None,
        sensitivity=nature.sensitivity.value,
        by_place_alone=nature.by_place_alone,
        created_by=None,
    )
    session.add(audience)
    return Frozen(audience.id, len(slots), group.rule_version, group.as_of)


async def audience_of(
    session: ReadSession, municipality: MunicipalityId, audience_id: UUID
) -> Audience:
    """Give a frozen audience.

    Raises:
        AudienceNotFound: no such audience.
    """
    audience = await queries.find(session, municipality, audience_id)
    if audience is None:
        raise AudienceNotFound
    return audience


async def write_recipients(
    session: WriteSession, municipality: MunicipalityId, audience_id: UUID
) -> int:
    """Write down each recipient of an audience, once; counts them.

    Raises:
        AudienceNotFound: no such audience.
    """
    # The statement goes past the session: it must find an audience frozen a moment ago.
    await session.flush()
    written = await queries.write_recipients(session, municipality, audience_id)
    if written is None:
        raise AudienceNotFound
    return written


async def recipients(
    session: ReadSession,
    municipality: MunicipalityId,
    audience_id: UUID,
    after_ordinal: int,
    limit: int,
) -> Sequence[UUID]:
    """List who is sent to, in order, after an ordinal (-1: from the first), once written down."""
    return await queries.recipients(session, municipality, audience_id, after_ordinal, limit)


def kept(slots: BitMap) -> bytes:
    """Write a bitmap for keeping."""
    slots.run_optimize()
    return slots.serialize()


def source_of(group: GroupAsItStands) -> dict[str, Any]:
    """Say by what a group came into an audience."""
    return {
        "groupId": str(group.group_id),
        "ruleVersion": group.rule_version,
        "evaluationId": str(group.evaluation_id),
    }
