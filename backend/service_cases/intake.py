"""Taking in status events: whose they are, what they change, who is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from itertools import groupby
from uuid import UUID

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.errors import TryAgain
from backend.kernel.logs import logger
from backend.kernel.personal_data import Vault
from backend.kernel.tenancy import MunicipalityId
from backend.residents.public import code_digest, find_by_code, languages
from backend.service_cases import queries
from backend.service_cases.queries import CaseKey, HeldCase, WaitingEvent
from backend.service_cases.rules import (
    CaseState,
    Person,
    StatusEvent,
    Unmatched,
    is_news,
    joined,
    state_after,
)
from backend.service_cases.sealing import fingerprint, open_event, seal_event, seal_note
from backend.service_cases.telling import tell_resident
from notifications.public import Policy

LOG = logger(__name__)
MOST_AT_ONCE = 500
"""Waiting events that are looked at in one transaction."""


@dataclass(frozen=True, slots=True)
class Intake:
    """Where and when events are taken in, and how residents are told."""

    municipality: MunicipalityId
    vault: Vault
    policy: Policy
    now: datetime


async def receive(
    session: WriteSession, intake: Intake, source_id: UUID, event: StatusEvent
) -> None:
    """Take an event of an authenticated source into its case; a repeat changes nothing.

    An event whose person is unknown, or not the case's, is kept and waits.
    """
    key = CaseKey(intake.municipality, source_id, event.case_number)
    if await _is_repeat(session, intake, key, event):
        return
    resident_id = await _resident_of(session, intake, event.person)
    if resident_id is None:
        await _keep(session, intake, key, event, Unmatched.UNKNOWN_PERSON)
        return
    waiting = await queries.events_now_matched(
        session, intake.municipality, of=key, limit=MOST_AT_ONCE
    )
    theirs = [one for one in waiting if one.resident_id == resident_id]
    events = [*_opened(intake, theirs), event]
    if await _add(session, intake, key, resident_id, events):
        await _drop(session, intake, theirs)
    else:
        await _keep(session, intake, key, event, Unmatched.ANOTHER_PERSON)


async def match_waiting_events(session: WriteSession, intake: Intake) -> int:
    """Take in events that waited for their person to become known; tells how many were settled.

    At most 500 are looked at; call again (in a transaction of its own) until it tells 0.
    """
    waiting = await queries.events_now_matched(
        session, intake.municipality, of=None, limit=MOST_AT_ONCE
    )
    ordered = sorted(waiting, key=_case_and_resident)
    for _, group in groupby(ordered, key=_case_and_resident):
        await _settle(session, intake, list(group))
    return len(waiting)


async def _settle(session: WriteSession, intake: Intake, waiting: Sequence[WaitingEvent]) -> None:
    first, events = waiting[0], _opened(intake, waiting)
    if await _add(session, intake, first.key, first.resident_id, events):
        await _drop(session, intake, waiting)
        return
    for one in waiting:
        await queries.give_up_matching(session, intake.municipality, one.id)


async def _add(
    session: WriteSession,
    intake: Intake,
    key: CaseKey,
    resident_id: UUID,
    events: Sequence[StatusEvent],
) -> bool:
    """Add events to the history of their case; False if the case is another resident's.

    Holds the case until commit. The resident is told when the case has come to a new step.
    """
    case, before = await _hold(session, key, resident_id, events[0])
    if case.resident_id != resident_id:
        return False
    fresh = [event for event in events if await _append(session, intake, key, case.id, event)]
    if before is None and not fresh:
        # The same event id was taken for another case at this very moment: leave no empty case.
        raise TryAgain(retry_after_seconds=1)
    states = [state_after(event) for event in fresh]
    after = reduce(joined, states, before or case.state)
    await queries.write_state(session, key, case.id, after)
    if is_news(before, after):
        current = next(event for event in fresh if event.event_id == after.event_id)
        await tell_resident(
            session, key, case, after, current.note, policy=intake.policy, now=intake.now
        )
    return True


async def _hold(
    session: WriteSession, key: CaseKey, resident_id: UUID, event: StatusEvent
) -> tuple[HeldCase, CaseState | None]:
    """Lock the case, opening it first if need be; with its state before, None for a new one."""
    if (case := await queries.lock_case(session, key)) is not None:
        return case, case.state
    opened = await queries.open_case(session, key, resident_id, state_after(event))
    case = await queries.lock_case(session, key)
    if case is None:
        raise TryAgain(retry_after_seconds=1)
    return case, None if opened else case.state


async def _append(
    session: WriteSession, intake: Intake, key: CaseKey, case_id: UUID, event: StatusEvent
) -> bool:
    return await queries.append_event(
        session,
        key,
        case_id,
        event,
        note_sealed=seal_note(intake.vault, event.note),
        fingerprint=fingerprint(intake.vault, event),
        now=intake.now,
    )


async def _is_repeat(
    session: ReadSession, intake: Intake, key: CaseKey, event: StatusEvent
) -> bool:
    """Whether the event is in a history already; another content under its id is logged."""
    known = await queries.fingerprint_of(session, key, event.event_id)
    if known is not None and known != fingerprint(intake.vault, event):
        LOG.warning("status_event_repeated_with_other_content", source=str(key.source_id))
    return known is not None


async def _resident_of(session: ReadSession, intake: Intake, person: Person) -> UUID | None:
    if person.personal_code is not None:
        return await find_by_code(
            session, intake.municipality, person.personal_code, vault=intake.vault
        )
    if person.resident_id is None:
        return None
    known = await languages(session, intake.municipality, [person.resident_id])
    return person.resident_id if person.resident_id in known else None


async def _keep(
    session: WriteSession, intake: Intake, key: CaseKey, event: StatusEvent, reason: Unmatched
) -> None:
    code = event.person.personal_code
    await queries.keep_unmatched(
        session,
        key,
        event.event_id,
        reason,
        person_digest=None if code is None else code_digest(intake.vault, code),
        event_sealed=seal_event(intake.vault, event),
        now=intake.now,
    )


def _opened(intake: Intake, waiting: Sequence[WaitingEvent]) -> list[StatusEvent]:
    return [open_event(intake.vault, one.event_sealed) for one in waiting]


async def _drop(session: WriteSession, intake: Intake, waiting: Sequence[WaitingEvent]) -> None:
    for one in waiting:
        await queries.drop_unmatched(session, intake.municipality, one.id)


def _case_and_resident(one: WaitingEvent) -> tuple[UUID, str, UUID]:
    return (one.key.source_id, one.key.number, one.resident_id)
