"""Which handlers act on which outbox topic."""

from collections.abc import Mapping, Sequence

from backend.kernel.clock import Clock
from backend.kernel.db import WriteSession
from backend.kernel.housekeeping import HOUSEKEEPING_DUE, purge_expired
from backend.kernel.outbox import Event, Handler
from backend.kernel.rate_limits import purge_counters
from backend.kernel.settings import Settings
from backend.service_cases.public import case_handlers
from groups.public import audience_handlers, disclosure_handlers, ingest_handlers, preview_handlers
from groups.public import outbox_handlers as group_handlers
from notifications.configured import policy_of
from notifications.jobs import campaign_handlers, purge_done_chunks, sum_up_tallies


def outbox_handlers(settings: Settings, clock: Clock) -> Mapping[str, Handler]:
    """Gather the handlers of every package; a test holds that each topic has one."""
    policy = policy_of(settings)
    return merged(
        {HOUSEKEEPING_DUE: _keep_house(clock)},
        group_handlers(clock),
        ingest_handlers(clock),
        preview_handlers(clock),
        audience_handlers(clock),
        disclosure_handlers(clock),
        campaign_handlers(policy, clock),
        case_handlers(policy, settings.vault(), clock),
    )


def merged(*packages: Mapping[str, Handler]) -> Mapping[str, Handler]:
    """Let every package act on a topic that several handle, in the order given, all or none."""
    by_topic: dict[str, list[Handler]] = {}
    for package in packages:
        for topic, handler in package.items():
            by_topic.setdefault(topic, []).append(handler)
    return {topic: _in_turn(handlers) for topic, handlers in by_topic.items()}


def _in_turn(handlers: Sequence[Handler]) -> Handler:
    async def act(session: WriteSession, event: Event) -> None:
        for handler in handlers:
            await handler(session, event)

    return act


def _keep_house(clock: Clock) -> Handler:
    async def keep_house(session: WriteSession, event: Event) -> None:
        await purge_expired(session, event.municipality, clock())
        await purge_done_chunks(session, event.municipality, clock())
        await sum_up_tallies(session, event.municipality)
        await purge_counters(session, clock())

    return keep_house
