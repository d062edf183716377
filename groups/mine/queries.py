"""Which groups a resident may see themselves in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select

from backend.kernel.db import ReadSession
from backend.kernel.tenancy import MunicipalityId
from groups.definitions.models import ResidentGroup
from groups.memberships.models import Membership


@dataclass(frozen=True, slots=True)
class Belonging:
    """A labelled group that a resident belongs to, and since when."""

    group_id: UUID
    label_lv: str
    label_en: str
    since: datetime


async def belongings_of(
    session: ReadSession, municipality: MunicipalityId, resident_id: UUID
) -> Sequence[Belonging]:
    """List the labelled groups that a resident belongs to now, the newest belonging first."""
    of_group = and_(
        ResidentGroup.municipality_id == Membership.municipality_id,
        ResidentGroup.id == Membership.group_id,
    )
    statement = (
        select(ResidentGroup.id, ResidentGroup.label_lv, ResidentGroup.label_en, Membership.since)
        .join(Membership, of_group)
        .where(
            Membership.municipality_id == municipality,
            Membership.resident_id == resident_id,
            Membership.until.is_(None),
            ResidentGroup.label_lv.is_not(None),
            ResidentGroup.label_en.is_not(None),
        )
        .order_by(Membership.since.desc(), ResidentGroup.id)
    )
    rows = await session.execute(statement)
    return [Belonging(id_, lv or "", en or "", since) for id_, lv, en, since in rows]
