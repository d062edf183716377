"""The table of sets whose size staff were shown."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.models import Base, TenantOwned, personal


class PreviewSet(TenantOwned, Base):
    """A set of residents whose exact size was shown to a staff member.

    `slots` is `PackedSlots` (see `groups.evaluation.slots`), encoded.
    """

    __tablename__ = "preview_set"
    __table_args__ = (Index(None, "municipality_id", "staff_id", "size"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    staff_id: Mapped[UUID]
    asked_at: Mapped[datetime]
    as_of: Mapped[date]
    size: Mapped[int]
    slots: Mapped[bytes] = mapped_column(LargeBinary, info=personal("30 days"))
