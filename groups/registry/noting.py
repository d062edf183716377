"""Telling the engine whose facts changed, for those who know residents and not their slots."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Uuid, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from backend.kernel.db import WriteSession
from backend.kernel.tenancy import MunicipalityId
from groups.changes.queries import note_residents
from groups.registry.models import ResidentFact


async def note_people(
    session: WriteSession,
    municipality: MunicipalityId,
    resident_ids: Collection[UUID],
    now: datetime,
) -> None:
    """Note that facts of residents changed, given their ids; who has no facts is left out."""
    found = await session.scalars(
        select(ResidentFact.slot).where(
            ResidentFact.municipality_id == municipality,
            ResidentFact.resident_id == any_(literal(list(resident_ids), ARRAY(Uuid()))),
        )
    )
    await note_residents(session, municipality, found.all(), now)
