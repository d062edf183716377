"""Statements on what a preview is asked of."""

from collections.abc import Collection, Mapping
from uuid import UUID

from pyroaring import BitMap
from sqlalchemy import Uuid, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from backend.kernel.db import ReadSession
from backend.kernel.tenancy import MunicipalityId
from groups.memberships.models import Membership
from groups.registry.models import SlotCounter


async def populated(session: ReadSession) -> tuple[MunicipalityId, ...]:
    """Name the municipalities served that have residents, in order."""
    rows = await session.scalars(
        select(SlotCounter.municipality_id).order_by(SlotCounter.municipality_id)
    )
    return tuple(MunicipalityId(row) for row in rows)


async def members_of_groups(
    session: ReadSession, group_ids: Collection[UUID]
) -> Mapping[tuple[MunicipalityId, UUID], BitMap]:
    """Give the present members of groups, as far as the session sees them."""
    if not group_ids:
        return {}
    rows = await session.execute(
        select(Membership.municipality_id, Membership.group_id, Membership.slots).where(
            Membership.group_id == any_(literal(list(group_ids), ARRAY(Uuid())))
        )
    )
    return {(MunicipalityId(m), group): BitMap.deserialize(slots) for m, group, slots in rows}
