"""Tables of evaluations and memberships: bitmaps of slots, and what each evaluation changed.

A bitmap is a serialised 32-bit roaring bitmap of `resident_fact.slot` of the same municipality.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.models import Base, TenantOwned, UtcDateTime, personal
from groups.memberships.rules import Cause

HISTORY = "24 months after the evaluation"
WHILE_MEMBER = "while a member"
CAUSES = ", ".join(f"'{cause}'" for cause in Cause)


class Evaluation(TenantOwned, Base):
    """One run of a group's rule for the civil day `as_of` that changed something, or the first.

    `joined_slots` and `left_slots` are the change; replayed, they tell the past. Null: none.
    `counts_shown`: whether staff may see how many joined and left, where these are not too few.
    """

    __tablename__ = "evaluation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality_id", "group_id", "rule_version"],
            ["group_rule.municipality_id", "group_rule.group_id", "group_rule.version"],
        ),
        Index(None, "municipality_id", "group_id", "rule_version"),
        Index(None, "municipality_id", "finished_at"),
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
    counts_shown: Mapped[bool]
    joined_slots: Mapped[bytes | None] = mapped_column(LargeBinary, info=personal(HISTORY))
    left_slots: Mapped[bytes | None] = mapped_column(LargeBinary, info=personal(HISTORY))


class Membership(TenantOwned, Base):
    """Who belongs to a group now, as one bitmap; `version` counts its changes.

    `size_shown`: whether staff may see the size, where it is not too small; judged when a person
    changes the group.
    """

    __tablename__ = "membership"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality_id", "group_id", "evaluation_id"],
            ["evaluation.municipality_id", "evaluation.group_id", "evaluation.id"],
        ),
        Index(None, "municipality_id", "group_id", "evaluation_id"),
    )

    group_id: Mapped[UUID] = mapped_column(primary_key=True)
    slots: Mapped[bytes] = mapped_column(LargeBinary, info=personal(WHILE_MEMBER))
    size: Mapped[int]
    size_shown: Mapped[bool]
    version: Mapped[int] = mapped_column(BigInteger)
    evaluation_id: Mapped[UUID]


class ResidentGroups(TenantOwned, Base):
    """The groups of one resident: their numbers, and since when, in the same order."""

    __tablename__ = "resident_groups"
    __table_args__ = (CheckConstraint("cardinality(numbers) = cardinality(since)", name="pairs"),)

    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    numbers: Mapped[list[int]] = mapped_column(ARRAY(Integer), info=personal(WHILE_MEMBER))
    since: Mapped[list[datetime]] = mapped_column(ARRAY(UtcDateTime), info=personal(WHILE_MEMBER))


class GroupHold(TenantOwned, Base):
    """A change of membership that waits for a person, because so many would leave."""

    __tablename__ = "group_hold"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality_id", "group_id"], ["resident_group.municipality_id", "resident_group.id"]
        ),
    )

    group_id: Mapped[UUID] = mapped_column(primary_key=True)
    rule_version: Mapped[int]
    cause: Mapped[str] = mapped_column(String(16))
    as_of: Mapped[date]
    held_at: Mapped[datetime]
    proposed_slots: Mapped[bytes] = mapped_column(LargeBinary, info=personal("until decided"))
    joined: Mapped[int]
    left: Mapped[int]


class EngineState(TenantOwned, Base):
    """How far the engine has followed one municipality; `version` tells a stale leader off."""

    __tablename__ = "engine_state"

    version: Mapped[int] = mapped_column(BigInteger)
    as_of: Mapped[date]
    evaluated_at: Mapped[datetime]
