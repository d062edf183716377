"""Statements on staff members."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.ids import new_id
from backend.kernel.tenancy import MunicipalityId
from backend.staff.models import StaffMember


async def enabled_member(
    session: ReadSession, municipality: MunicipalityId, staff_id: UUID
) -> StaffMember | None:
    """Give a staff member who is not disabled."""
    row = await session.get(StaffMember, (municipality, staff_id))
    return row if row is not None and row.disabled_at is None else None


async def enabled_member_by_subject(
    session: ReadSession, municipality: MunicipalityId, subject: str
) -> StaffMember | None:
    """Find a staff member who is not disabled by the identity provider's name of them."""
    return await session.scalar(
        select(StaffMember).where(
            StaffMember.municipality_id == municipality,
            StaffMember.subject == subject,
            StaffMember.disabled_at.is_(None),
        )
    )


async def put_member(
    session: WriteSession,
    municipality: MunicipalityId,
    subject: str,
    name: str,
    roles: Sequence[str],
    now: datetime,
) -> UUID | None:
    """Write a member by subject and enable them; None when all of it stood so already.

    The member's row stays locked until commit when it was written.
    """
    fresh = insert(StaffMember).values(
        municipality_id=municipality,
        id=new_id(),
        subject=subject,
        name=name,
        roles=list(roles),
        created_at=now,
    )
    written = fresh.excluded
    statement = fresh.on_conflict_do_update(
        index_elements=[StaffMember.municipality_id, StaffMember.subject],
        set_={"name": written.name, "roles": written.roles, "disabled_at": None},
        where=(StaffMember.name != written.name)
        | (StaffMember.roles != written.roles)
        | StaffMember.disabled_at.is_not(None),
    ).returning(StaffMember.id)
    return await session.scalar(statement)
