"""Sessions of residents and staff: opaque bearer tokens, revocable, stored only as a digest."""

import hashlib
import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, Text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.db import Database, WriteSession
from backend.kernel.ids import new_id
from backend.kernel.models import Base, TenantOwned, personal
from backend.kernel.principals import Principal, PrincipalKind
from backend.kernel.tenancy import MunicipalityId

PREFIX = "nvd"
LIFETIME = timedelta(hours=12)
HIGHEST_MUNICIPALITY = 10_000_000
"""Territory codes have seven digits."""


class LoginSession(TenantOwned, Base):
    """One signed-in principal on one device or browser."""

    __tablename__ = "login_session"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID] = mapped_column(info=personal("until 30 days after expiry"))
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    secret_digest: Mapped[bytes]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session: its bearer token (shown once, never stored) and when it ends."""

    token: str
    expires_at: datetime


def open_session(
    session: WriteSession,
    municipality: MunicipalityId,
    kind: PrincipalKind,
    subject_id: UUID,
    *,
    now: datetime,
    roles: Collection[str] = (),
) -> Opened:
    """Start a session of 12 hours for a principal whose identity was verified."""
    identity, secret = new_id(), secrets.token_urlsafe(32)
    session.add(
        LoginSession(
            municipality_id=municipality,
            id=identity,
            kind=kind.value,
            subject_id=subject_id,
            roles=sorted(roles),
            secret_digest=_digest(secret),
            created_at=now,
            expires_at=now + LIFETIME,
        )
    )
    return Opened(f"{PREFIX}.{municipality}.{identity.hex}.{secret}", now + LIFETIME)


async def authenticate(database: Database, token: str, now: datetime) -> Principal | None:
    """Tell whose token it is; None when unknown, expired, revoked or malformed."""
    match token.split("."):
        case [prefix, municipality, identity, secret] if prefix == PREFIX:
            pass
        case _:
            return None
    try:
        tenant, session_id = MunicipalityId(int(municipality)), UUID(hex=identity)
    except ValueError:
        return None
    if not 0 < tenant < HIGHEST_MUNICIPALITY:
        return None
    async with database.read((tenant,)) as session:
        row = await session.get(LoginSession, (tenant, session_id))
    if row is None or row.revoked_at is not None or row.expires_at <= now:
        return None
    if not hmac.compare_digest(row.secret_digest, _digest(secret)):
        return None
    kind = PrincipalKind(row.kind)
    return Principal(kind, tenant, row.subject_id, row.id, frozenset(row.roles))


async def revoke(session: WriteSession, principal: Principal, now: datetime) -> None:
    """End the principal's session at once."""
    await session.execute(
        update(LoginSession)
        .where(
            LoginSession.municipality_id == principal.municipality,
            LoginSession.id == principal.session_id,
        )
        .values(revoked_at=now)
    )


async def end_sessions(
    session: WriteSession,
    municipality: MunicipalityId,
    kind: PrincipalKind,
    subjects: Select[UUID] | Collection[UUID],
    now: datetime,
) -> None:
    """End every open session of principals who may no longer act, or not with the same roles."""
    await session.execute(
        update(LoginSession)
        .where(
            LoginSession.municipality_id == municipality,
            LoginSession.kind == kind.value,
            LoginSession.revoked_at.is_(None),
            LoginSession.subject_id.in_(subjects),
        )
        .values(revoked_at=now)
    )


def _digest(secret: str) -> bytes:
    # The secret has 256 random bits: a plain hash is enough, nothing can be guessed.
    return hashlib.sha256(secret.encode()).digest()
