"""Runs of the import, and what it reads back from its stages."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.tenancy import MunicipalityId
from groups.registry.models import Household, RegistryImport, ResidentFact, SlotCounter
from groups.registry.ports import PreferenceRow
from groups.registry.stages import PREFERENCES

LOCK_CLASS = 7_301
"""First key of the advisory lock that lets one import of a municipality run at a time."""
PAGE = 5_000


async def hold_registry(session: WriteSession, municipality: MunicipalityId) -> None:
    """Wait until no other import of the municipality runs; held until the transaction ends.

    Also rules out nested loops for the transaction: its joins run over rows that it has just
    written, of which the planner knows no count, and a nested loop then takes hours.
    """
    await session.execute(text("SET LOCAL enable_nestloop = off"))
    await session.execute(text("SET LOCAL work_mem = '64MB'"))
    await session.execute(
        text("SELECT pg_advisory_xact_lock(:kind, :municipality)"),
        {"kind": LOCK_CLASS, "municipality": int(municipality)},
    )


async def hold_counter(session: WriteSession, municipality: MunicipalityId) -> SlotCounter:
    """Give the municipality's counter of slots and households, its row locked until commit.

    A municipality without one starts after the highest number in use.
    """
    slots, numbers = (
        select(func.coalesce(func.max(column) + 1, 0))
        .where(column.class_.municipality_id == municipality)
        .scalar_subquery()
        for column in (ResidentFact.slot, Household.number)
    )
    await session.execute(
        insert(SlotCounter)
        .values(municipality_id=int(municipality), next_slot=slots, next_household=numbers)
        .on_conflict_do_nothing()
    )
    counter = select(SlotCounter).where(SlotCounter.municipality_id == municipality)
    return (await session.scalars(counter.with_for_update())).one()


def record_import(
    session: WriteSession,
    municipality: MunicipalityId,
    *,
    import_id: UUID,
    started_at: datetime,
    finished_at: datetime,
    counts: Mapping[str, Mapping[str, int]],
    feed_digest: bytes,
) -> None:
    """Write down one finished run."""
    session.add(
        RegistryImport(
            municipality_id=municipality,
            id=import_id,
            started_at=started_at,
            finished_at=finished_at,
            counts={file: dict(figures) for file, figures in counts.items()},
            feed_digest=feed_digest,
        )
    )


async def last_import(session: ReadSession, municipality: MunicipalityId) -> RegistryImport | None:
    """Give the municipality's latest import."""
    return await session.scalar(
        select(RegistryImport)
        .where(RegistryImport.municipality_id == municipality)
        .order_by(RegistryImport.finished_at.desc())
        .limit(1)
    )


async def staged_preferences(session: ReadSession) -> AsyncIterator[Sequence[PreferenceRow]]:
    """Give the staged preferences that may land, in pages by line."""
    line = 0
    columns = PREFERENCES.c
    while True:
        rows = await session.execute(
            select(
                columns.line,
                columns.resident_id,
                columns.topic,
                columns.channels,
                columns.removed,
            )
            .where(~columns.rejected, columns.line > line)
            .order_by(columns.line)
            .limit(PAGE)
        )
        page = rows.all()
        if not page:
            return
        line = page[-1][0]
        yield [
            PreferenceRow(resident, topic, tuple(channels or ()), removed)
            for _, resident, topic, channels, removed in page
        ]


async def count_staged_preferences(session: ReadSession) -> int:
    """Count the staged preferences that may land."""
    counting = select(func.count()).select_from(PREFERENCES).where(~PREFERENCES.c.rejected)
    return await session.scalar(counting) or 0


async def statistics_are_old(session: ReadSession, written: int) -> bool:
    """Tell whether so many rows were written that the planner's figures no longer hold."""
    known = text(
        "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'resident'::regclass"
    )
    return written > (await session.scalar(known) or 0)
