"""What the tables of signed sources have alike."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.models import Base, TenantOwned


class SignedSource(TenantOwned, Base):
    """Another system that may send to a municipality what it signs with a secret of its own."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    secret_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    previous_secret_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    previous_until: Mapped[datetime | None]
    enabled: Mapped[bool]
    created_at: Mapped[datetime]

    @property
    def address(self) -> str:
        """What the source calls itself in what it sends."""
        raise NotImplementedError


def source_constraints(known_by: str) -> tuple[UniqueConstraint, CheckConstraint]:
    """Make the constraints of such a table, in which `known_by` is each source's own."""
    return (
        UniqueConstraint("municipality_id", known_by),
        CheckConstraint(
            "(previous_secret_sealed IS NULL) = (previous_until IS NULL)", name="previous_secret"
        ),
    )
