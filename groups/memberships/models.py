"""Tables of evaluations and memberships; a membership that ended is closed, never deleted."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.models import Base, TenantOwned, personal
from groups.memberships.rules import Cause

HISTORY = "24 months after leaving the group"
CAUSES = ", ".join(f"'{cause}'" for cause in Cause)


class Evaluation(TenantOwned, Base):
    """One run of a group's rule over the residents, for the civil day `as_of`."""

    __tablename__ = "evaluation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality_id", "group_id", "rule_version"],
            ["group_rule.municipality_id", "group_rule.group_id", "group_rule.version"],
        ),
        Index(None, "municipality_id", "group_id", "rule_version"),
        CheckConstraint(f"cause IN ({CAUSES})", name="cause"),
    )

    group_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    rule_version: Mapped[int]
    as_of: Mapped[date]
    cause: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime]
    joined: Mapped[int]
    left: Mapped[int]
    members: Mapped[int]


class Membership(TenantOwned, Base):
    """A resident in a group from `since` until `until`; null while they belong.

    The evaluation that let them in is part of the key: who leaves and comes back has two rows.
    `until` without `ended_by_evaluation_id`: the group was archived.
    """

    __tablename__ = "membership"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality_id", "resident_id"], ["resident.municipality_id", "resident.id"]
        ),
        ForeignKeyConstraint(
            ["municipality_id", "group_id", "evaluation_id"],
            ["evaluation.municipality_id", "evaluation.group_id", "evaluation.id"],
        ),
        ForeignKeyConstraint(
            ["municipality_id", "group_id", "ended_by_evaluation_id"],
            ["evaluation.municipality_id", "evaluation.group_id", "evaluation.id"],
        ),
        Index(None, "municipality_id", "group_id", "evaluation_id"),
        Index(
            None,
            "municipality_id",
            "group_id",
            "ended_by_evaluation_id",
            postgresql_where=text("ended_by_evaluation_id IS NOT NULL"),
        ),
        Index(
            "uq_membership_open",
            "municipality_id",
            "group_id",
            "resident_id",
            unique=True,
            postgresql_where=text("until IS NULL"),
        ),
        CheckConstraint("ended_by_evaluation_id IS NULL OR until IS NOT NULL", name="ended"),
    )

    resident_id: Mapped[UUID] = mapped_column(primary_key=True, info=personal(HISTORY))
    group_id: Mapped[UUID] = mapped_column(primary_key=True)
    evaluation_id: Mapped[UUID] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    since_version: Mapped[int]
    until: Mapped[datetime | None]
    ended_by_evaluation_id: Mapped[UUID | None]
