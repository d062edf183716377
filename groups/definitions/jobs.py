"""What follows when groups change: it is told, and the old past is forgotten."""

from collections.abc import Mapping
from uuid import UUID

from backend.kernel.clock import Clock
from backend.kernel.db import WriteSession
from backend.kernel.housekeeping import HOUSEKEEPING_DUE
from backend.kernel.logs import logger
from backend.kernel.outbox import Event, Handler
from groups.definitions.following import NEEDS_DECISION
from groups.definitions.rules import GroupState
from groups.memberships.history import forget_changes
from groups.memberships.service import CHANGED

LOG = logger(__name__)
WARNINGS = {GroupState.HELD: "group_held", GroupState.INVALID: "group_invalid"}


def group_handlers(clock: Clock) -> Mapping[str, Handler]:
    """Give the handlers of the groups' outbox events by topic."""

    async def tell_of_changes(_: WriteSession, event: Event) -> None:
        changed = len(event.payload["changes"])
        LOG.info("memberships_changed", municipality=event.municipality, count=changed)

    async def warn(_: WriteSession, event: Event) -> None:
        group, state = UUID(event.payload["groupId"]), GroupState(event.payload["state"])
        LOG.warning(WARNINGS[state], municipality=event.municipality, group=group)

    async def forget(session: WriteSession, event: Event) -> None:
        await forget_changes(session, event.municipality, clock())

    return {CHANGED: tell_of_changes, NEEDS_DECISION: warn, HOUSEKEEPING_DUE: forget}
