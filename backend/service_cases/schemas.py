"""Cases as residents and staff read them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from backend.kernel.errors import Text
from backend.kernel.views import TextView
from backend.service_cases.models import ServiceCase
from backend.service_cases.rules import STAGE_TITLES, Stage
from backend.service_cases.service import CasePage, CaseWithHistory, HistoryEntry


class StageView(Struct, rename="camel", frozen=True):
    """Where a case stands: the stable word, and how to show it."""

    code: Stage
    title: TextView


class ServiceView(Struct, rename="camel", frozen=True):
    """The municipal service that a case is about."""

    code: str
    title: TextView


class CaseView(Struct, rename="camel", frozen=True):
    """A case in a list: what it is about and where it stands."""

    id: UUID
    number: Annotated[str, Meta(description="Number of the case in the system that keeps it.")]
    service: ServiceView
    stage: StageView
    step_title: TextView
    opened_at: datetime
    updated_at: Annotated[datetime, Meta(description="When its last event occurred.")]


class CaseListView(Struct, rename="camel", frozen=True):
    """Some cases, the most recently changed first; `next` is null on the last page."""

    cases: list[CaseView]
    next: str | None


class TimelineEntry(Struct, rename="camel", frozen=True):
    """One step of a case as its resident sees it."""

    occurred_at: datetime
    stage: StageView
    title: TextView
    note: TextView | None


class CaseDetailView(Struct, rename="camel", frozen=True):
    """A case and its timeline, the first step first."""

    case: CaseView
    timeline: list[TimelineEntry]


class StaffTimelineEntry(Struct, rename="camel", frozen=True):
    """One step of a case with what only staff sees of it."""

    occurred_at: datetime
    received_at: datetime
    sequence: int
    status: Annotated[str, Meta(description="The word of the system that keeps the case.")]
    event_id: str
    stage: StageView
    title: TextView
    note: TextView | None


class StaffCaseView(Struct, rename="camel", frozen=True):
    """A case as an official sees it."""

    case: CaseView
    resident_id: UUID
    source_id: UUID
    status: str
    timeline: list[StaffTimelineEntry]


def case_list_view(page: CasePage) -> CaseListView:
    """Show one page of cases."""
    following = None if page.next is None else str(page.next)
    return CaseListView([case_view(case) for case in page.cases], following)


def case_view(case: ServiceCase) -> CaseView:
    """Show a case without its history."""
    return CaseView(
        id=case.id,
        number=case.number,
        service=ServiceView(case.service_code, TextView(**case.service_title)),
        stage=_stage(case.stage),
        step_title=TextView(**case.step_title),
        opened_at=case.opened_at,
        updated_at=case.updated_at,
    )


def case_detail_view(found: CaseWithHistory) -> CaseDetailView:
    """Show a case to its resident."""
    return CaseDetailView(
        case_view(found.case),
        [
            TimelineEntry(
                occurred_at=entry.event.occurred_at,
                stage=_stage(entry.event.stage),
                title=TextView(**entry.event.step_title),
                note=_text(entry.note),
            )
            for entry in found.history
        ],
    )


def staff_case_view(found: CaseWithHistory) -> StaffCaseView:
    """Show a case to an official."""
    return StaffCaseView(
        case=case_view(found.case),
        resident_id=found.case.resident_id,
        source_id=found.case.source_id,
        status=found.case.status,
        timeline=[_staff_entry(entry) for entry in found.history],
    )


def _staff_entry(entry: HistoryEntry) -> StaffTimelineEntry:
    return StaffTimelineEntry(
        occurred_at=entry.event.occurred_at,
        received_at=entry.event.received_at,
        sequence=entry.event.sequence,
        status=entry.event.status,
        event_id=entry.event.event_id,
        stage=_stage(entry.event.stage),
        title=TextView(**entry.event.step_title),
        note=_text(entry.note),
    )


def _stage(code: str) -> StageView:
    stage = Stage(code)
    title = STAGE_TITLES[stage]
    return StageView(stage, TextView(title.lv, title.en))


def _text(text: Text | None) -> TextView | None:
    return None if text is None else TextView(text.lv, text.en)
