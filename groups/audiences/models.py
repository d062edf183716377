"""Tables of frozen audiences and of those who are sent to."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.models import Base, Sensitivity, TenantOwned, personal
from groups.language.spots import Json

AFTER_SENDING = "24 months after sending"
SENSITIVITIES = ", ".join(f"'{each}'" for each in Sensitivity)


class Audience(TenantOwned, Base):
    """Residents as they were at an instant, as a bitmap of slots; never changed but by erasure.

    `sources` says from what it was made: groups with their rule versions, rules, areas, lists.
    `size` is how many were frozen; `size_shown`: whether its maker may see it when it is large
    enough. `evaluated_by`: null where nothing was evaluated for it, groups taken as they stood.
    `sensitivity` is the highest of what was asked; `by_place_alone`: nothing but addresses and
    areas was.
    """

    __tablename__ = "audience"
    __table_args__ = (
        CheckConstraint("evaluated_by IN ('engine', 'sql')", name="evaluated_by"),
        CheckConstraint(f"sensitivity IN ({SENSITIVITIES})", name="sensitivity"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    slots: Mapped[bytes] = mapped_column(LargeBinary, info=personal(AFTER_SENDING))
    name: Mapped[str | None]
    size: Mapped[int]
    size_shown: Mapped[bool]
    as_of: Mapped[date]
    frozen_at: Mapped[datetime]
    sources: Mapped[dict[str, Json]] = mapped_column(JSONB)
    evaluated_by: Mapped[str | None] = mapped_column(String(8))
    sensitivity: Mapped[str] = mapped_column(String(8))
    by_place_alone: Mapped[bool]
    created_by: Mapped[UUID | None]


class AudienceRecipient(TenantOwned, Base):
    """One resident of an audience that is sent to, numbered from 0 in the order of slots."""

    __tablename__ = "audience_recipient"

    audience_id: Mapped[UUID] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    resident_id: Mapped[UUID] = mapped_column(info=personal(AFTER_SENDING))
