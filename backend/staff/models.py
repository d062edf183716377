"""The table of staff members."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.models import Base, TenantOwned, personal
from backend.staff.rules import StaffRole

WHILE_EMPLOYED = "while employed, then 2 years after disabling"
ROLES = ", ".join(f"'{role}'" for role in StaffRole)


class StaffMember(TenantOwned, Base):
    """A person with roles in a municipality; disabled, never deleted.

    `subject` is the name by which the identity provider knows the person.
    """

    __tablename__ = "staff_member"
    __table_args__ = (
        UniqueConstraint("municipality_id", "subject"),
        CheckConstraint(f"roles <@ ARRAY[{ROLES}]::text[]", name="roles"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(200), info=personal(WHILE_EMPLOYED))
    name: Mapped[str] = mapped_column(String(200), info=personal(WHILE_EMPLOYED))
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
