"""All tables of the kernel, for migrations."""

from backend.kernel.audit import AuditEntry
from backend.kernel.idempotency import IdempotencyKey
from backend.kernel.login_sessions import LoginSession
from backend.kernel.outbox import OutboxEvent
from backend.kernel.rate_limits import RateCounter
from backend.kernel.scheduled_runs import ScheduledRun
from backend.kernel.sign_in.models import UsedAssertion
from backend.kernel.territories.models import Municipality

__all__ = [
    "AuditEntry",
    "IdempotencyKey",
    "LoginSession",
    "Municipality",
    "OutboxEvent",
    "RateCounter",
    "ScheduledRun",
    "UsedAssertion",
]
