"""The table of frozen audiences."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.models import Base, TenantOwned, personal


class Audience(TenantOwned, Base):
    """The members of a group at an instant, ordered by id; never changed.

    The evaluation says by which rule version and civil day they belonged.
    """

    __tablename__ = "audience"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality_id", "group_id", "evaluation_id"],
            ["evaluation.municipality_id", "evaluation.group_id", "evaluation.id"],
        ),
        Index(None, "municipality_id", "group_id", "evaluation_id"),
        CheckConstraint("size = cardinality(members)", name="size"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    group_id: Mapped[UUID]
    evaluation_id: Mapped[UUID]
    rule_version: Mapped[int]
    as_of: Mapped[date]
    frozen_at: Mapped[datetime]
    size: Mapped[int]
    members: Mapped[list[UUID]] = mapped_column(
        ARRAY(Uuid), info=personal("24 months after sending")
    )
