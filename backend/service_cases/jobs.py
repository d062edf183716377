"""Events that waited for their person find their case after every import of the registry."""

from collections.abc import Mapping

from backend.kernel.clock import Clock
from backend.kernel.db import WriteSession
from backend.kernel.outbox import Event, Handler, publish, topic
from backend.kernel.personal_data import Vault
from backend.service_cases.intake import Intake, match_waiting_events
from groups.public import IMPORTED
from notifications.public import Policy

MATCH = topic("service_case.match_waiting")
"""Asks to match waiting events, at most 500 in one transaction; no payload."""


def case_handlers(policy: Policy, vault: Vault, clock: Clock) -> Mapping[str, Handler]:
    """Give the handlers of cases by topic; `groups` acts on `IMPORTED` as well."""

    async def ask_to_match(session: WriteSession, event: Event) -> None:
        await publish(session, event.municipality, MATCH, {}, clock())

    async def match(session: WriteSession, event: Event) -> None:
        intake = Intake(event.municipality, vault, policy, clock())
        if await match_waiting_events(session, intake):
            await publish(session, event.municipality, MATCH, {}, clock())

    return {IMPORTED: ask_to_match, MATCH: match}
