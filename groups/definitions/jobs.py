"""Groups follow the data: an import makes every live group be evaluated, each on its own."""

from collections.abc import Mapping
from uuid import UUID

from backend.kernel.clock import Clock
from backend.kernel.db import WriteSession
from backend.kernel.outbox import Event, Handler, publish, topic
from groups.definitions import service
from groups.definitions.queries import live_groups
from groups.memberships.rules import Cause
from groups.registry.service import IMPORTED

EVALUATE = topic("group.evaluate")
"""Asks to evaluate one group in a transaction of its own; payload `{groupId, cause}`."""


def group_handlers(clock: Clock) -> Mapping[str, Handler]:
    """Give the handlers of the groups' outbox events by topic."""

    async def ask_for_every_group(session: WriteSession, event: Event) -> None:
        for group_id in await live_groups(session, event.municipality):
            payload = {"groupId": str(group_id), "cause": Cause.IMPORT.value}
            await publish(session, event.municipality, EVALUATE, payload, clock())

    async def evaluate_one(session: WriteSession, event: Event) -> None:
        group_id, cause = UUID(event.payload["groupId"]), Cause(event.payload["cause"])
        await service.reevaluate(session, event.municipality, group_id, cause, clock)

    return {IMPORTED: ask_for_every_group, EVALUATE: evaluate_one}
