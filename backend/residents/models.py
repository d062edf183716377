"""Tables of identity: the resident, the codes they are known by, the ways to reach them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.integrity import refers
from backend.kernel.models import Base, TenantOwned, personal

WHILE_REGISTERED = "while registered, then 2 years after closing"


class Resident(TenantOwned, Base):
    """A person known to the municipality; closed, never deleted, when the registry drops them."""

    __tablename__ = "resident"
    __table_args__ = (
        CheckConstraint("language_source IN ('registry', 'resident')", name="language_source"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    given_name_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=personal(WHILE_REGISTERED))
    family_name_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=personal(WHILE_REGISTERED))
    language: Mapped[str] = mapped_column(String(8), info=personal(WHILE_REGISTERED))
    language_source: Mapped[str] = mapped_column(String(16))
    registered_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)


class ResidentCode(TenantOwned, Base):
    """A personal code of a resident; one person may have several over life.

    `digest` is the keyed hash of the normalised code and the only way to match it.
    """

    __tablename__ = "resident_code"
    __table_args__ = (
        refers("resident_id", "resident"),
        Index(None, "municipality_id", "resident_id"),
    )

    digest: Mapped[bytes] = mapped_column(
        LargeBinary, primary_key=True, info=personal(WHILE_REGISTERED)
    )
    resident_id: Mapped[UUID] = mapped_column(info=personal(WHILE_REGISTERED))
    code_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=personal(WHILE_REGISTERED))


class ContactPoint(TenantOwned, Base):
    """One e-mail address or mobile number of a resident.

    `closed_at`: the registry no longer gives it. `suppressed_at`: the provider said that it is
    dead. Neither is ever sent to.
    """

    __tablename__ = "contact_point"
    __table_args__ = (
        refers("resident_id", "resident"),
        Index(None, "municipality_id", "resident_id", "kind", "value_digest", unique=True),
        Index(None, "municipality_id", "value_digest"),
        CheckConstraint("kind IN ('email', 'sms')", name="kind"),
        CheckConstraint("source IN ('registry', 'resident')", name="source"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    resident_id: Mapped[UUID] = mapped_column(info=personal(WHILE_REGISTERED))
    kind: Mapped[str] = mapped_column(String(8))
    value_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=personal(WHILE_REGISTERED))
    value_digest: Mapped[bytes] = mapped_column(LargeBinary, info=personal(WHILE_REGISTERED))
    source: Mapped[str] = mapped_column(String(16))
    verified_at: Mapped[datetime | None]
    suppressed_at: Mapped[datetime | None]
    suppressed_reason: Mapped[str | None]
    closed_at: Mapped[datetime | None]
