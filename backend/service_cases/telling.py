"""What a resident is told about their case: one message a new step, through the hub."""

from datetime import datetime

from backend.kernel.db import WriteSession
from backend.kernel.errors import Text
from backend.service_cases.queries import CaseKey, HeldCase
from backend.service_cases.rules import STAGE_TITLES, CaseState
from notifications.public import MessageClass, MessageText, NewMessage, Policy, send_to_resident

TOPIC = "services"
NUDGE = Text("Jauns statuss jūsu lietā", "New status in your case")
"""What a locked screen may show: nothing of the person or the service."""


async def tell_resident(
    session: WriteSession,
    key: CaseKey,
    case: HeldCase,
    state: CaseState,
    note: Text | None,
    *,
    policy: Policy,
    now: datetime,
) -> None:
    """Write the message on a case's new step in the transaction of the change itself."""
    message = NewMessage(
        municipality=key.municipality,
        resident_id=case.resident_id,
        message_class=MessageClass.SERVICE,
        topic=TOPIC,
        texts={
            "lv": _text("Lieta", "lv", key.number, state, note),
            "en": _text("Case", "en", key.number, state, note),
        },
        link=f"/cases/{case.id}",
        deduplication_key=f"case-status:{key.source_id}:{state.event_id}",
    )
    await send_to_resident(session, message, policy, now)


def _text(
    word: str, language: str, number: str, state: CaseState, note: Text | None
) -> MessageText:
    step = _in(state.step_title, language)
    sentences = [f"{word} {number}: {step} ({_in(STAGE_TITLES[state.stage], language)})."]
    if note is not None:
        sentences.append(_in(note, language))
    return MessageText(
        title=_in(state.service_title, language),
        body="\n".join(sentences),
        nudge=_in(NUDGE, language),
    )


def _in(text: Text, language: str) -> str:
    return text.lv if language == "lv" else text.en
