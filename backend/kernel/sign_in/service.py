"""Opening and ending the session of a recognised person, with the audit entries of both."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from backend.kernel import audit
from backend.kernel.db import WriteSession
from backend.kernel.login_sessions import Opened, open_session, revoke
from backend.kernel.principals import Principal, PrincipalKind
from backend.kernel.tenancy import MunicipalityId


def start_session(
    session: WriteSession,
    municipality: MunicipalityId,
    kind: PrincipalKind,
    subject_id: UUID,
    *,
    now: datetime,
    roles: Collection[str] = (),
) -> Opened:
    """Open a session for a person whose identity was verified, and write that down."""
    opened = open_session(session, municipality, kind, subject_id, now=now, roles=roles)
    actor = Principal(kind, municipality, subject_id, _session_id(opened.token))
    audit.record(session, actor, "session.opened", ("login_session", actor.session_id), now=now)
    return opened


async def end_session(session: WriteSession, principal: Principal, now: datetime) -> None:
    """End the principal's session at once, and write that down."""
    await revoke(session, principal, now)
    audit.record(
        session, principal, "session.revoked", ("login_session", principal.session_id), now=now
    )


def _session_id(token: str) -> UUID:
    """Read the session's id from its token: prefix, municipality, id, secret."""
    return UUID(hex=token.split(".")[2])
