"""Freezing an audience, and reading it back."""

from datetime import datetime
from uuid import UUID

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.tenancy import MunicipalityId
from groups.audiences import queries
from groups.audiences.errors import AudienceNotFound
from groups.audiences.queries import Frozen
from groups.definitions.service import hold_live, record_of


async def freeze_audience(
    session: WriteSession, municipality: MunicipalityId, group_id: UUID, now: datetime
) -> Frozen:
    """Keep the present members of a group as they are, whatever becomes of the group.

    Holds the group's row until commit, so that no evaluation changes members meanwhile.

    Raises:
        GroupNotFound: no such group.
        GroupArchived: it follows the data no longer.
    """
    await hold_live(session, municipality, group_id)
    record = await record_of(session, municipality, group_id)
    return await queries.freeze(session, record.evaluation, now)


async def audience_members(
    session: ReadSession, municipality: MunicipalityId, audience_id: UUID
) -> list[UUID]:
    """List the members of a frozen audience, ordered by id.

    Raises:
        AudienceNotFound: no such audience.
    """
    members = await queries.members(session, municipality, audience_id)
    if members is None:
        raise AudienceNotFound
    return members
