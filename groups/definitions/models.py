"""Tables of groups and of the versions of their rules."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Identity, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.models import Base, TenantOwned
from groups.definitions.rules import GroupState
from groups.language.spots import Json

STATES = ", ".join(f"'{state}'" for state in GroupState)


class ResidentGroup(TenantOwned, Base):
    """A named set of residents.

    `version` counts the changes that people make and goes into If-Match; `current_version` is the
    rule's. `number` names the group in `resident_groups`. Residents see the group only when it has
    a label. `state_reason`: why it is held or invalid, a list of `{code, pointer, detail}`; else null.
    """

    __tablename__ = "resident_group"
    __table_args__ = (
        CheckConstraint(f"state IN ({STATES})", name="state"),
        CheckConstraint("scope IN ('declared', 'linked')", name="scope"),
        UniqueConstraint("municipality_id", "number"),
        CheckConstraint("(label_lv IS NULL) = (label_en IS NULL)", name="both_labels"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name_lv: Mapped[str]
    name_en: Mapped[str]
    label_lv: Mapped[str | None]
    label_en: Mapped[str | None]
    description: Mapped[str]
    purpose: Mapped[str] = mapped_column(String(24))
    scope: Mapped[str] = mapped_column(String(8))
    number: Mapped[int] = mapped_column(Identity(always=True))
    state: Mapped[str] = mapped_column(String(16))
    state_since: Mapped[datetime]
    state_reason: Mapped[Json] = mapped_column(JSONB)
    current_version: Mapped[int]
    version: Mapped[int]
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]


class GroupRule(TenantOwned, Base):
    """One version of a group's rule in canonical CQL2-JSON; never changed, never deleted."""

    __tablename__ = "group_rule"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality_id", "group_id"], ["resident_group.municipality_id", "resident_group.id"]
        ),
    )

    group_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rule: Mapped[Json] = mapped_column(JSONB)
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]
