"""What the profile asks of identity."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from backend.kernel.db import ReadSession
from backend.kernel.tenancy import MunicipalityId
from backend.residents.models import ContactPoint, Resident


async def open_resident(
    session: ReadSession, municipality: MunicipalityId, resident_id: UUID
) -> Resident | None:
    """Give a resident who is not closed."""
    row = await session.get(Resident, (municipality, resident_id))
    return row if row is not None and row.closed_at is None else None


async def contact_points(
    session: ReadSession, municipality: MunicipalityId, resident_id: UUID
) -> Sequence[ContactPoint]:
    """List a resident's contact points that are not closed, in a stable order."""
    rows = await session.scalars(
        select(ContactPoint)
        .where(
            ContactPoint.municipality_id == municipality,
            ContactPoint.resident_id == resident_id,
            ContactPoint.closed_at.is_(None),
        )
        .order_by(ContactPoint.kind, ContactPoint.id)
    )
    return rows.all()
