"""Every statement of cases and their history.

Locks are taken in the order case, then waiting event; nothing here commits.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.errors import Text
from backend.kernel.ids import new_id
from backend.kernel.tenancy import MunicipalityId
from backend.residents.tables import Resident, ResidentCode
from backend.service_cases.models import ServiceCase, StatusEventRow, UnmatchedStatusEvent
from backend.service_cases.rules import (
    CaseState,
    Stage,
    StatusEvent,
    Unmatched,
    state_after,
)


@dataclass(frozen=True, slots=True)
class CaseKey:
    """What names a case before it has an id: its number within one source."""

    municipality: MunicipalityId
    source_id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class HeldCase:
    """A case under its row lock."""

    id: UUID
    resident_id: UUID
    state: CaseState


@dataclass(frozen=True, slots=True)
class WaitingEvent:
    """An unmatched event whose person has meanwhile become known (`resident_id`)."""

    id: UUID
    key: CaseKey
    resident_id: UUID
    event_sealed: bytes


async def lock_case(session: WriteSession, key: CaseKey) -> HeldCase | None:
    """Hold a case until commit, so that its events are counted in one at a time."""
    row = await session.scalar(
        select(ServiceCase)
        .where(
            ServiceCase.municipality_id == key.municipality,
            ServiceCase.source_id == key.source_id,
            ServiceCase.number == key.number,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return None if row is None else HeldCase(row.id, row.resident_id, state_of(row))


async def open_case(
    session: WriteSession, key: CaseKey, resident_id: UUID, state: CaseState
) -> bool:
    """Open a case, unless somebody else has just done so; tells whether this call did."""
    opening = (
        insert(ServiceCase)
        .values(
            municipality_id=key.municipality,
            id=new_id(),
            source_id=key.source_id,
            number=key.number,
            resident_id=resident_id,
            **_columns(state),
        )
        .on_conflict_do_nothing()
        .returning(ServiceCase.id)
    )
    return await session.scalar(opening) is not None


async def write_state(session: WriteSession, key: CaseKey, case_id: UUID, state: CaseState) -> None:
    """Write what a held case's history has come to."""
    await session.execute(
        update(ServiceCase)
        .where(ServiceCase.municipality_id == key.municipality, ServiceCase.id == case_id)
        .values(**_columns(state))
    )


async def append_event(
    session: WriteSession,
    key: CaseKey,
    case_id: UUID,
    event: StatusEvent,
    *,
    note_sealed: bytes | None,
    fingerprint: bytes,
    now: datetime,
) -> bool:
    """Add an event to the history of a held case; tells whether it was new."""
    state = _columns(state_after(event))
    adding = (
        insert(StatusEventRow)
        .values(
            municipality_id=key.municipality,
            id=new_id(),
            case_id=case_id,
            source_id=key.source_id,
            event_id=event.event_id,
            sequence=event.sequence,
            occurred_at=event.occurred_at,
            received_at=now,
            note_sealed=note_sealed,
            fingerprint=fingerprint,
            **{name: state[name] for name in SAID_BY_EVENT},
        )
        .on_conflict_do_nothing()
        .returning(StatusEventRow.id)
    )
    return await session.scalar(adding) is not None


async def fingerprint_of(session: ReadSession, key: CaseKey, event_id: str) -> bytes | None:
    """Give the fingerprint under which an event of the source was first taken."""
    return await session.scalar(
        select(StatusEventRow.fingerprint).where(
            StatusEventRow.municipality_id == key.municipality,
            StatusEventRow.source_id == key.source_id,
            StatusEventRow.event_id == event_id,
        )
    )


async def keep_unmatched(
    session: WriteSession,
    key: CaseKey,
    event_id: str,
    reason: Unmatched,
    *,
    person_digest: bytes | None,
    event_sealed: bytes,
    now: datetime,
) -> None:
    """Keep an event that belongs to no case yet; a repeat changes nothing."""
    await session.execute(
        insert(UnmatchedStatusEvent)
        .values(
            municipality_id=key.municipality,
            id=new_id(),
            source_id=key.source_id,
            event_id=event_id,
            case_number=key.number,
            reason=reason,
            person_digest=person_digest,
            event_sealed=event_sealed,
            received_at=now,
        )
        .on_conflict_do_nothing()
    )


async def events_now_matched(
    session: ReadSession, municipality: MunicipalityId, *, of: CaseKey | None, limit: int
) -> Sequence[WaitingEvent]:
    """List waiting events whose person is a resident by now, oldest first; takes no lock.

    `of` narrows them to one case.
    """
    waiting = UnmatchedStatusEvent
    listing = (
        select(waiting, Resident.id)
        .join(
            ResidentCode,
            (ResidentCode.municipality_id == waiting.municipality_id)
            & (ResidentCode.digest == waiting.person_digest),
        )
        .join(
            Resident,
            (Resident.municipality_id == ResidentCode.municipality_id)
            & (Resident.id == ResidentCode.resident_id),
        )
        .where(
            waiting.municipality_id == municipality,
            waiting.reason == Unmatched.UNKNOWN_PERSON,
            Resident.closed_at.is_(None),
        )
    )
    if of is not None:
        listing = listing.where(waiting.source_id == of.source_id, waiting.case_number == of.number)
    found = await session.execute(listing.order_by(waiting.received_at, waiting.id).limit(limit))
    return [
        WaitingEvent(
            row.id, CaseKey(municipality, row.source_id, row.case_number), owner, row.event_sealed
        )
        for row, owner in found
    ]


async def drop_unmatched(session: WriteSession, municipality: MunicipalityId, row_id: UUID) -> None:
    """Remove a waiting event that has found its case."""
    await session.execute(
        delete(UnmatchedStatusEvent).where(
            UnmatchedStatusEvent.municipality_id == municipality,
            UnmatchedStatusEvent.id == row_id,
        )
    )


async def give_up_matching(
    session: WriteSession, municipality: MunicipalityId, row_id: UUID
) -> None:
    """Mark a waiting event whose case turned out to be another person's."""
    await session.execute(
        update(UnmatchedStatusEvent)
        .where(
            UnmatchedStatusEvent.municipality_id == municipality,
            UnmatchedStatusEvent.id == row_id,
        )
        .values(reason=Unmatched.ANOTHER_PERSON)
    )


async def unmatched_counts(session: ReadSession, municipality: MunicipalityId) -> dict[UUID, int]:
    """Count the events without a case, by source; sources with none are left out."""
    rows = await session.execute(
        select(UnmatchedStatusEvent.source_id, func.count())
        .where(UnmatchedStatusEvent.municipality_id == municipality)
        .group_by(UnmatchedStatusEvent.source_id)
    )
    return {row[0]: row[1] for row in rows}


async def cases_of(
    session: ReadSession,
    municipality: MunicipalityId,
    resident_id: UUID,
    *,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[ServiceCase]:
    """List a resident's cases, the most recently changed first, `before` a place in that order."""
    place = tuple_(ServiceCase.updated_at, ServiceCase.id)
    listing = select(ServiceCase).where(
        ServiceCase.municipality_id == municipality, ServiceCase.resident_id == resident_id
    )
    if before is not None:
        listing = listing.where(place < before)
    order = (ServiceCase.updated_at.desc(), ServiceCase.id.desc())
    return (await session.scalars(listing.order_by(*order).limit(limit))).all()


async def find_case(
    session: ReadSession, municipality: MunicipalityId, case_id: UUID
) -> ServiceCase | None:
    """Find a case by its id."""
    return await session.get(ServiceCase, (municipality, case_id))


async def history_of(
    session: ReadSession, municipality: MunicipalityId, case_id: UUID
) -> Sequence[StatusEventRow]:
    """List a case's events in the order of the history, the first first."""
    rows = await session.scalars(
        select(StatusEventRow)
        .where(StatusEventRow.municipality_id == municipality, StatusEventRow.case_id == case_id)
        .order_by(
            StatusEventRow.sequence,
            StatusEventRow.occurred_at,
            StatusEventRow.event_id.collate("C"),
        )
    )
    return rows.all()


def state_of(row: ServiceCase) -> CaseState:
    """Read the state that a case's row keeps."""
    return CaseState(
        opened_at=row.opened_at,
        sequence=row.last_sequence,
        occurred_at=row.updated_at,
        event_id=row.last_event_id,
        service_code=row.service_code,
        service_title=Text(**row.service_title),
        stage=Stage(row.stage),
        status=row.status,
        step_title=Text(**row.step_title),
    )


SAID_BY_EVENT = ("service_code", "service_title", "stage", "status", "step_title")
"""Columns that a case takes from its current event as they are."""


def _columns(state: CaseState) -> dict[str, object]:
    return {
        "opened_at": state.opened_at,
        "last_sequence": state.sequence,
        "updated_at": state.occurred_at,
        "last_event_id": state.event_id,
        "service_code": state.service_code,
        "service_title": asdict(state.service_title),
        "stage": state.stage.value,
        "status": state.status,
        "step_title": asdict(state.step_title),
    }
