"""The audit log: who did what to which object, when, on what ground; same transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.db import WriteSession
from backend.kernel.ids import new_id
from backend.kernel.models import Base, TenantOwned
from backend.kernel.principals import Principal


class AuditEntry(TenantOwned, Base):
    """One act; append-only (the application's role may not update or delete)."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "municipality_id", "object_kind", "object_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(Text, comment="principal kind and id, or a job's name")
    action: Mapped[str] = mapped_column(Text)
    object_kind: Mapped[str] = mapped_column(Text)
    object_id: Mapped[str] = mapped_column(Text)
    particulars: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="ids and figures only")


def record(
    session: WriteSession,
    actor: Principal,
    action: str,
    subject: tuple[str, UUID | str],
    *,
    now: datetime,
    particulars: Mapping[str, Any] | None = None,
) -> None:
    """Write down that `actor` did `action` to `subject` (kind, id); never personal data."""
    session.add(
        AuditEntry(
            municipality_id=actor.municipality,
            id=new_id(),
            at=now,
            actor=actor.scope,
            action=action,
            object_kind=subject[0],
            object_id=str(subject[1]),
            particulars=dict(particulars or {}),
        )
    )
