"""What a case's history comes to; the order of arrival makes no difference."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from backend.kernel.errors import Text


class Stage(StrEnum):
    """Where a case stands, in the six words that residents see."""

    RECEIVED = "received"
    IN_PROGRESS = "in_progress"
    WAITING_FOR_YOU = "waiting_for_you"
    WAITING_FOR_OTHERS = "waiting_for_others"
    DECIDED = "decided"
    CLOSED = "closed"


STAGE_TITLES: Mapping[Stage, Text] = {
    Stage.RECEIVED: Text("Saņemts", "Received"),
    Stage.IN_PROGRESS: Text("Tiek izskatīts", "In progress"),
    Stage.WAITING_FOR_YOU: Text("Gaida jūsu rīcību", "Waiting for you"),
    Stage.WAITING_FOR_OTHERS: Text("Gaida citas iestādes", "Waiting for others"),
    Stage.DECIDED: Text("Pieņemts lēmums", "Decided"),
    Stage.CLOSED: Text("Pabeigts", "Closed"),
}


class Unmatched(StrEnum):
    """Why an accepted event belongs to no case yet."""

    UNKNOWN_PERSON = "unknown_person"
    ANOTHER_PERSON = "another_person"
    """The case of that number already belongs to somebody else; it is never shown to a second."""


@dataclass(frozen=True, slots=True)
class Person:
    """Whose case it is: eleven digits of a personal code, or our id of the resident."""

    personal_code: str | None
    resident_id: UUID | None


@dataclass(frozen=True, slots=True)
class StatusEvent:
    """One change of a case as its source told it; `occurred_at` is aware UTC.

    `event_id` is unique within the source, `sequence` orders the events of one case.
    `status` is the source's internal word.
    """

    event_id: str
    case_number: str
    person: Person
    service_code: str
    service_title: Text
    stage: Stage
    status: str
    step_title: Text
    occurred_at: datetime
    sequence: int
    note: Text | None


@dataclass(frozen=True, slots=True)
class CaseState:
    """What a case's history comes to: when it began, and what its last event says."""

    opened_at: datetime
    sequence: int
    occurred_at: datetime
    event_id: str
    service_code: str
    service_title: Text
    stage: Stage
    status: str
    step_title: Text

    @property
    def position(self) -> tuple[int, datetime, str]:
        """Place of the current event in the history; no two events of a case share one."""
        return (self.sequence, self.occurred_at, self.event_id)


def state_after(event: StatusEvent) -> CaseState:
    """Tell the state of a case whose only event this is."""
    return CaseState(
        opened_at=event.occurred_at,
        sequence=event.sequence,
        occurred_at=event.occurred_at,
        event_id=event.event_id,
        service_code=event.service_code,
        service_title=event.service_title,
        stage=event.stage,
        status=event.status,
        step_title=event.step_title,
    )


def joined(one: CaseState, other: CaseState) -> CaseState:
    """Tell what two parts of one history come to together.

    Commutative, associative and idempotent: duplicates, late and missing events end in the same
    state as an orderly feed.
    """
    later = max(one, other, key=lambda state: state.position)
    return replace(later, opened_at=min(one.opened_at, other.opened_at))


def is_news(before: CaseState | None, after: CaseState) -> bool:
    """Whether the resident is told: the case has a new stage or a new step."""
    if before is None:
        return True
    return (before.stage, before.step_title) != (after.stage, after.step_title)
