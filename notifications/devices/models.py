"""Tables of push endpoints: devices with a token, browsers with a subscription.

`id` is chosen by the app, so that a repeated registration is the same row. `endpoint_id` is ours
and new for every new token or URL: a late word that the former one is dead cannot remove the next.
What was removed keeps no token, only the reason.
"""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from backend.kernel.models import Base, TenantOwned, personal

UNTIL_REMOVED = "until removed by the resident or reported dead"


class PushEndpoint(TenantOwned):
    """Mixin of what both kinds of endpoints are: whose, where, since when, why no more."""

    SECRETS: ClassVar[tuple[str, ...]] = ("value_sealed", "value_digest")
    """Columns that a removed row no longer holds."""

    id: Mapped[UUID] = mapped_column(primary_key=True)
    endpoint_id: Mapped[UUID]
    resident_id: Mapped[UUID] = mapped_column(info=personal(UNTIL_REMOVED))
    value_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=personal(UNTIL_REMOVED))
    value_digest: Mapped[bytes | None] = mapped_column(LargeBinary, info=personal(UNTIL_REMOVED))
    registered_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    removed_reason: Mapped[str | None] = mapped_column(String(32))

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        """Bind each endpoint to one resident, and each live value to one endpoint."""
        return (
            ForeignKeyConstraint(
                ["municipality_id", "resident_id"], ["resident.municipality_id", "resident.id"]
            ),
            Index(None, "municipality_id", "resident_id"),
            UniqueConstraint("municipality_id", "endpoint_id"),
            UniqueConstraint("municipality_id", "value_digest"),
            CheckConstraint(
                "(removed_at IS NULL) = (value_sealed IS NOT NULL)"
                " AND (removed_at IS NULL) = (value_digest IS NOT NULL)"
                " AND (removed_at IS NULL) = (removed_reason IS NULL)",
                name="removed_keeps_nothing",
            ),
        )


class Device(PushEndpoint, Base):
    """One installation of the app; its value is the FCM token or installation id."""

    __tablename__ = "device"

    platform: Mapped[str] = mapped_column(String(8))
    token_kind: Mapped[str] = mapped_column(String(16))
    app_version: Mapped[str | None] = mapped_column(String(32))


class WebPushSubscription(PushEndpoint, Base):
    """One browser; its value is the push service's URL, its keys are p256dh and auth."""

    __tablename__ = "web_push_subscription"
    SECRETS = ("value_sealed", "value_digest", "keys_sealed")

    keys_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=personal(UNTIL_REMOVED))
