"""Reading cases: by their resident, and by an official, whose look is written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.kernel import audit
from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.errors import Text
from backend.kernel.personal_data import Vault
from backend.kernel.principals import Principal
from backend.kernel.tenancy import MunicipalityId
from backend.service_cases import queries
from backend.service_cases.cursors import Cursor
from backend.service_cases.errors import CaseNotFound
from backend.service_cases.models import ServiceCase, StatusEventRow
from backend.service_cases.sealing import open_note


@dataclass(frozen=True, slots=True)
class CasePage:
    """Some of a resident's cases, and where the next page begins (None: there is none)."""

    cases: Sequence[ServiceCase]
    next: Cursor | None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One event of a case with the note that came with it."""

    event: StatusEventRow
    note: Text | None


@dataclass(frozen=True, slots=True)
class CaseWithHistory:
    """A case and its events, the first first."""

    case: ServiceCase
    history: Sequence[HistoryEntry]


async def list_cases(
    session: ReadSession, resident: Principal, *, before: Cursor | None, limit: int
) -> CasePage:
    """List the resident's cases, the most recently changed first."""
    place = None if before is None else (before.updated_at, before.id)
    rows = await queries.cases_of(
        session, resident.municipality, resident.subject_id, before=place, limit=limit + 1
    )
    page = rows[:limit]
    more = len(rows) > limit
    return CasePage(page, Cursor(page[-1].updated_at, page[-1].id) if more else None)


async def case_of_resident(
    session: ReadSession, resident: Principal, case_id: UUID, *, vault: Vault
) -> CaseWithHistory:
    """Give a case to the resident whose it is.

    Raises:
        CaseNotFound: no such case, or another resident's.
    """
    case = await queries.find_case(session, resident.municipality, case_id)
    if case is None or case.resident_id != resident.subject_id:
        raise CaseNotFound
    return await _with_history(session, resident.municipality, case, vault)


async def case_for_official(
    session: WriteSession, official: Principal, case_id: UUID, *, vault: Vault, now: datetime
) -> CaseWithHistory:
    """Give any case of the municipality to an official; the look is in the audit log.

    Raises:
        CaseNotFound: no such case.
    """
    case = await queries.find_case(session, official.municipality, case_id)
    if case is None:
        raise CaseNotFound
    audit.record(
        session,
        official,
        "service_case.read",
        ("service_case", case_id),
        now=now,
        particulars={"residentId": str(case.resident_id)},
    )
    return await _with_history(session, official.municipality, case, vault)


async def _with_history(
    session: ReadSession, municipality: MunicipalityId, case: ServiceCase, vault: Vault
) -> CaseWithHistory:
    rows = await queries.history_of(session, municipality, case.id)
    return CaseWithHistory(
        case, [HistoryEntry(row, open_note(vault, row.note_sealed)) for row in rows]
    )
