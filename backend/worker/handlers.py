"""Which handler acts on which outbox topic."""

from collections.abc import Mapping

from backend.kernel.clock import Clock
from backend.kernel.outbox import Handler
from backend.kernel.settings import Settings
from groups.public import outbox_handlers as group_handlers
from notifications.campaigns.jobs import campaign_handlers
from notifications.configured import policy_of


def outbox_handlers(settings: Settings, clock: Clock) -> Mapping[str, Handler]:
    """Gather the handlers of every package; a test holds that each topic has one."""
    return {**group_handlers(clock), **campaign_handlers(policy_of(settings), clock)}
