"""The table of listings and exports of members."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.models import Base, TenantOwned, personal


class MemberDisclosure(TenantOwned, Base):
    """That a staff member was shown who belongs to a group, why, and whom they saw (a bitmap)."""

    __tablename__ = "member_disclosure"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality_id", "group_id"], ["resident_group.municipality_id", "resident_group.id"]
        ),
        Index(None, "municipality_id", "group_id"),
        CheckConstraint("kind IN ('list', 'export')", name="kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    group_id: Mapped[UUID]
    staff_id: Mapped[UUID]
    disclosed_at: Mapped[datetime]
    staff_role: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str]
    slots: Mapped[bytes] = mapped_column(LargeBinary, info=personal("24 months"))
