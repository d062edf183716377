"""Tables of campaigns and their approvals."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.kernel.models import Base, TenantOwned


class Campaign(TenantOwned, Base):
    """A planned sending to a group, or to an audience; `version` counts its edits.

    `audience_id` is what was frozen when it was sent, or the audience that it is for.
    """

    __tablename__ = "campaign"
    __table_args__ = (
        Index(None, "municipality_id", "dispatch_id"),
        CheckConstraint("(message_class = 'alert') = (severity IS NOT NULL)", name="severity"),
        CheckConstraint("(group_id IS NULL) <> (target_audience_id IS NULL)", name="one_target"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    message_class: Mapped[str] = mapped_column(Text)
    severity: Mapped[str | None] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(Text)
    channels: Mapped[list[str]] = mapped_column(ARRAY(Text))
    texts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    transliterate_sms: Mapped[bool]
    group_id: Mapped[UUID | None]
    target_audience_id: Mapped[UUID | None]
    expires_at: Mapped[datetime]
    writers: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), comment="staff who wrote or edited it")
    created_at: Mapped[datetime]
    audience_id: Mapped[UUID | None]
    dispatch_id: Mapped[UUID | None]


class CampaignApproval(TenantOwned, Base):
    """One approval, bound to the digest of what the approver saw; an edit voids it.

    So does a change of the group's rule. Who joins or leaves by the same rule was approved with it.
    """

    __tablename__ = "campaign_approval"
    __table_args__ = (
        ForeignKeyConstraint(
            ["municipality_id", "campaign_id"], ["campaign.municipality_id", "campaign.id"]
        ),
    )

    campaign_id: Mapped[UUID] = mapped_column(primary_key=True)
    campaign_version: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(Text)
    group_rule_version: Mapped[int | None]
    approved_by: Mapped[UUID]
    approved_at: Mapped[datetime]
    break_glass_reason: Mapped[str | None] = mapped_column(Text)
