"""Every statement that signed sources of any kind have alike."""

from collections.abc import Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.signed_sources.models import SignedSource
from backend.kernel.tenancy import MunicipalityId

S = TypeVar("S", bound=SignedSource)


async def enabled_source(
    session: ReadSession, table: type[S], municipality: MunicipalityId, known: Mapping[str, object]
) -> S | None:
    """Find the source that has these values, by column, if it may send."""
    named = select(table).filter_by(municipality_id=municipality, enabled=True, **known)
    return await session.scalar(named)


async def lock_source(
    session: WriteSession, table: type[S], municipality: MunicipalityId, source_id: UUID
) -> S | None:
    """Hold a source until commit, so that two rotations do not lose a secret."""
    return await session.get(table, (municipality, source_id), with_for_update=True)


async def add_source(session: WriteSession, source: SignedSource) -> None:
    """Register a source; one that is taken is refused here, by its constraint."""
    session.add(source)
    # Asks the constraint now: a source that is taken is refused before anything else is done.
    await session.flush()


async def sources(
    session: ReadSession, table: type[S], municipality: MunicipalityId
) -> Sequence[S]:
    """List the sources by name."""
    listing = select(table).where(table.municipality_id == municipality)
    return (await session.scalars(listing.order_by(table.name, table.id))).all()
