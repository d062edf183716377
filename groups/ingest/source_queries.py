"""Every statement of registry sources and of the ids of their requests."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.tenancy import MunicipalityId
from groups.ingest.models import RegistryRequest, RegistrySource


async def enabled_source(
    session: ReadSession, municipality: MunicipalityId, source_id: UUID
) -> RegistrySource | None:
    """Find a source that may send."""
    return await session.scalar(
        select(RegistrySource).where(
            RegistrySource.municipality_id == municipality,
            RegistrySource.id == source_id,
            RegistrySource.enabled,
        )
    )


async def lock_source(
    session: WriteSession, municipality: MunicipalityId, source_id: UUID
) -> RegistrySource | None:
    """Hold a source until commit, so that two rotations do not lose a secret."""
    return await session.scalar(
        select(RegistrySource)
        .where(RegistrySource.municipality_id == municipality, RegistrySource.id == source_id)
        .with_for_update()
    )


async def add_source(session: WriteSession, source: RegistrySource) -> None:
    """Register a source; a name that is taken is refused here, by its constraint."""
    session.add(source)
    # Asks the constraint now: a name that is taken is refused before anything else is done.
    await session.flush()


async def sources(session: ReadSession, municipality: MunicipalityId) -> Sequence[RegistrySource]:
    """List the sources by name."""
    listing = select(RegistrySource).where(RegistrySource.municipality_id == municipality)
    return (await session.scalars(listing.order_by(RegistrySource.name))).all()


async def note_request(
    session: WriteSession, source: RegistrySource, webhook_id: str, now: datetime
) -> bool:
    """Keep a request's id; False when it was acted on before. Waits for one that is under way."""
    kept = (
        insert(RegistryRequest)
        .values(
            municipality_id=source.municipality_id,
            source_id=source.id,
            webhook_id=webhook_id,
            seen_at=now,
        )
        .on_conflict_do_nothing()
        .returning(RegistryRequest.webhook_id)
    )
    return await session.scalar(kept) is not None
