"""What a gateway's report means for a delivery."""

from enum import StrEnum

from notifications.delivery.rules import DeliveryState


class ReportStatus(StrEnum):
    """Words of the SMS gateway (after SMPP 3.4, message_state)."""

    DELIVERED = "DELIVERED"
    EXPIRED = "EXPIRED"
    REJECTED = "REJECTED"
    UNDELIVERABLE = "UNDELIVERABLE"


MEANING = {
    ReportStatus.DELIVERED: (DeliveryState.DELIVERED, ""),
    ReportStatus.EXPIRED: (DeliveryState.EXPIRED, "expired_at_provider"),
    ReportStatus.REJECTED: (DeliveryState.FAILED, "rejected"),
    ReportStatus.UNDELIVERABLE: (DeliveryState.FAILED, "undeliverable"),
}
"""State and reason that each report stands for."""
