"""The status event as other systems post it, and what it says in our words."""

import re
from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from backend.kernel import patterns
from backend.kernel.cloud_events import SourceUri, read
from backend.kernel.errors import Fault, InvalidInput, Text
from backend.residents.public import normal_code
from backend.service_cases.rules import Person, Stage, StatusEvent

HIGHEST_SEQUENCE = 2**53 - 1
"""The largest integer that every JSON reader keeps exactly (RFC 8259, section 6)."""

SEQUENCE_TEXT = re.compile("[0-9]{1,16}")
EARLIEST_YEAR, LATEST_YEAR = 1990, 2200

Line = Annotated[str, Meta(min_length=1, max_length=200, pattern=patterns.LINE)]
Paragraph = Annotated[str, Meta(min_length=1, max_length=2000, pattern=r"^[^\x00-\x08\x0b-\x1f]+$")]
Word = Annotated[str, Meta(min_length=1, max_length=64, pattern=patterns.WORD)]


class LineText(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """One line in Latvian and in English."""

    lv: Line
    en: Line


class ParagraphText(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """A few sentences in Latvian and in English."""

    lv: Paragraph
    en: Paragraph


class ServiceOfCase(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """The municipal service that the case is about."""

    code: Word
    title: LineText


class PersonOfCase(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """Whose case it is, told in one of two ways."""

    personal_code: Annotated[str | None, Meta(description="`DDMMYY-NNNNN` or eleven digits.")] = (
        None
    )
    resident_id: UUID | None = None


class StatusData(Struct, rename="camel", forbid_unknown_fields=True, frozen=True):
    """One change of a case."""

    case_number: Annotated[str, Meta(min_length=1, max_length=64, pattern=patterns.LINE)]
    service: ServiceOfCase
    person: PersonOfCase
    status: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=64,
            pattern=patterns.LINE,
            description="Your own word; staff sees it, residents do not.",
        ),
    ]
    stage: Stage
    step_title: LineText
    occurred_at: Annotated[datetime, Meta(tz=True)]
    sequence: Annotated[
        int | None,
        Meta(description="Place of the event among those of the case: rises with each."),
    ] = None
    note: ParagraphText | None = None


class StatusEventBody(Struct, frozen=True):
    """A CloudEvents 1.0 event; other extension attributes are passed over.

    The extension `sequence` and `data.sequence` say the same; one of them must be there.
    """

    specversion: Literal["1.0"]
    id: Annotated[str, Meta(min_length=1, max_length=128, pattern=patterns.WORD)]
    source: SourceUri
    type: Literal["lv.novads.case.status.v1"]
    data: StatusData
    datacontenttype: Annotated[str, Meta(pattern="^application/json")] | None = None
    sequence: str | int | None = None


def read_status_event(body: bytes) -> StatusEvent:
    """Read a posted event.

    Raises:
        InvalidInput: it does not have the form; every fault has a pointer.
    """
    event = read(body, StatusEventBody)
    data = event.data
    return StatusEvent(
        event_id=event.id,
        case_number=data.case_number,
        person=_person(data.person),
        service_code=data.service.code,
        service_title=_bilingual(data.service.title),
        stage=data.stage,
        status=data.status,
        step_title=_bilingual(data.step_title),
        occurred_at=_instant(data.occurred_at),
        sequence=_sequence(event),
        note=None if data.note is None else _bilingual(data.note),
    )


def _sequence(event: StatusEventBody) -> int:
    inner, outer = event.data.sequence, event.sequence
    if isinstance(outer, str):
        outer = int(outer) if SEQUENCE_TEXT.fullmatch(outer) else -1
    if inner is None and outer is None:
        raise _invalid("/data/sequence", "missing_field", "The event has no sequence")
    if inner is not None and outer is not None and inner != outer:
        raise _invalid("/sequence", "invalid_value", "Differs from data.sequence")
    number = inner if inner is not None else outer
    if number is None or not 0 <= number <= HIGHEST_SEQUENCE:
        pointer = "/sequence" if inner is None else "/data/sequence"
        raise _invalid(pointer, "invalid_value", "Not an integer from 0 to 2^53 - 1")
    return number


def _person(person: PersonOfCase) -> Person:
    code, resident_id = person.personal_code, person.resident_id
    if (code is None) == (resident_id is None):
        raise _invalid("/data/person", "invalid_value", "Give one of personalCode and residentId")
    digits = None if code is None else normal_code(code)
    if code is not None and digits is None:
        raise _invalid("/data/person/personalCode", "invalid_value", "Not a personal code")
    return Person(digits, resident_id)


def _instant(moment: datetime) -> datetime:
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise _invalid("/data/occurredAt", "invalid_value", "Not a plausible year")
    return moment.astimezone(UTC)


def _invalid(pointer: str, code: str, detail: str) -> InvalidInput:
    return InvalidInput(faults=(Fault(pointer, code, detail),))


def _bilingual(text: LineText | ParagraphText) -> Text:
    return Text(text.lv.strip(), text.en.strip())
