"""What the worker runs of this package."""

from notifications.campaigns.jobs import campaign_handlers
from notifications.delivery.cleaning import purge_done_chunks, sum_up_tallies
from notifications.delivery.engine import Engine
from notifications.delivery.queries import WAKE_CHANNEL
from notifications.delivery.rules import Lane
from notifications.receipts.service import fold_receipts

__all__ = [
    "WAKE_CHANNEL",
    "Engine",
    "Lane",
    "campaign_handlers",
    "fold_receipts",
    "purge_done_chunks",
    "sum_up_tallies",
]
