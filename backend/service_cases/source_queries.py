"""Every statement of status sources."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.tenancy import MunicipalityId
from backend.service_cases.models import StatusSource


async def source_by_uri(
    session: ReadSession, municipality: MunicipalityId, uri: str
) -> StatusSource | None:
    """Find the enabled source that events of this URI come from."""
    return await session.scalar(
        select(StatusSource).where(
            StatusSource.municipality_id == municipality,
            StatusSource.source_uri == uri,
            StatusSource.enabled,
        )
    )


async def lock_source(
    session: WriteSession, municipality: MunicipalityId, source_id: UUID
) -> StatusSource | None:
    """Hold a source until commit, so that two rotations do not lose a secret."""
    return await session.scalar(
        select(StatusSource)
        .where(StatusSource.municipality_id == municipality, StatusSource.id == source_id)
        .with_for_update()
    )


async def add_source(session: WriteSession, source: StatusSource) -> None:
    """Register a source; a URI that is taken is refused here, by its constraint."""
    session.add(source)
    # Asks the constraint now: a source that is taken is refused before anything else is done.
    await session.flush()


async def sources(session: ReadSession, municipality: MunicipalityId) -> Sequence[StatusSource]:
    """List the sources by name."""
    listing = select(StatusSource).where(StatusSource.municipality_id == municipality)
    return (await session.scalars(listing.order_by(StatusSource.name, StatusSource.id))).all()
