"""Forgetting what was shown, when its time is over."""

from collections.abc import Mapping

from backend.kernel.clock import Clock
from backend.kernel.db import WriteSession
from backend.kernel.housekeeping import HOUSEKEEPING_DUE
from backend.kernel.outbox import Event, Handler
from groups.guard.queries import forget


def preview_handlers(clock: Clock) -> Mapping[str, Handler]:
    """Give the handlers of outbox events by topic."""

    async def forget_what_was_shown(session: WriteSession, event: Event) -> None:
        await forget(session, event.municipality, clock())

    return {HOUSEKEEPING_DUE: forget_what_was_shown}
