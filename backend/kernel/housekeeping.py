"""What the kernel keeps only for a time, and its removal."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from backend.kernel.db import WriteSession
from backend.kernel.idempotency import IdempotencyKey
from backend.kernel.login_sessions import LoginSession
from backend.kernel.outbox import topic
from backend.kernel.sign_in.models import UsedAssertion
from backend.kernel.tenancy import MunicipalityId

HOUSEKEEPING_DUE = topic("housekeeping.due")
KEEP_ANSWERS = timedelta(hours=48)
KEEP_SESSIONS = timedelta(days=30)


async def purge_expired(session: WriteSession, municipality: MunicipalityId, now: datetime) -> None:
    """Remove answers older than 48 hours, sessions 30 days after they ended, used assertions."""
    for statement in (
        delete(IdempotencyKey).where(
            IdempotencyKey.municipality_id == municipality,
            IdempotencyKey.created_at < now - KEEP_ANSWERS,
        ),
        delete(LoginSession).where(
            LoginSession.municipality_id == municipality,
            LoginSession.expires_at < now - KEEP_SESSIONS,
        ),
        delete(UsedAssertion).where(
            UsedAssertion.municipality_id == municipality, UsedAssertion.expires_at < now
        ),
    ):
        await session.execute(statement)
