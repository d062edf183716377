"""What a campaign asks of those it is for, before and after they are frozen."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from pyroaring import BitMap

from backend.kernel.db import ReadSession
from backend.kernel.models import Sensitivity
from backend.kernel.tenancy import MunicipalityId
from groups.audiences import queries
from groups.audiences.natures import nature_of
from groups.audiences.rules import PAGE
from groups.audiences.service import audience_of, check_state, live_groups
from groups.definitions.errors import GroupNotFound


@dataclass(frozen=True, slots=True)
class Target:
    """For whom a campaign is, as they are now.

    `rule_version` is that of the group's rule; an audience is frozen and has none. `size_shown`:
    whether the number may be shown, when it is not too small.
    """

    municipality: MunicipalityId
    rule_version: int | None
    sensitivity: Sensitivity
    by_place_alone: bool
    size_shown: bool
    slots: BitMap = field(repr=False)

    async def pages(
        self, session: ReadSession, limit: int = PAGE
    ) -> AsyncGenerator[Sequence[UUID]]:
        """Name the residents, so many at a time."""
        slots = self.slots.to_array()
        for start in range(0, len(slots), limit):
            listed = slots[start : start + limit].tolist()
            yield await queries.residents_at(session, self.municipality, listed)


async def rule_version_of(
    session: ReadSession, municipality: MunicipalityId, group_id: UUID
) -> int:
    """Give the version of the rule of a group that may be sent to.

    Raises:
        GroupNotFound: no such group.
        GroupHeld, GroupInvalid, GroupArchived: the group's state does not allow it.
    """
    group = await queries.state_of(session, municipality, group_id)
    if group is None:
        raise GroupNotFound
    state, rule_version = group
    check_state(state)
    return rule_version


async def group_target(
    session: ReadSession, municipality: MunicipalityId, group_id: UUID
) -> Target:
    """Give a group's present members as a target.

    Raises:
        GroupNotFound: no such group.
        GroupHeld, GroupInvalid, GroupArchived: the group's state does not allow it.
    """
    group = (await live_groups(session, municipality, [group_id]))[group_id]
    nature = await nature_of(session, municipality, [group_id], [])
    return Target(
        municipality,
        group.rule_version,
        nature.sensitivity,
        nature.by_place_alone,
        size_shown=group.size_shown,
        slots=group.slots - await queries.closed(session, municipality),
    )


async def audience_target(
    session: ReadSession, municipality: MunicipalityId, audience_id: UUID
) -> Target:
    """Give a frozen audience as a target.

    Raises:
        AudienceNotFound: no such audience.
    """
    audience = await audience_of(session, municipality, audience_id)
    return Target(
        municipality,
        None,
        Sensitivity(audience.sensitivity),
        audience.by_place_alone,
        size_shown=audience.size_shown,
        slots=BitMap.deserialize(audience.slots),
    )
