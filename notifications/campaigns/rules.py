"""States of a campaign, the moves between them, and who may approve."""

from enum import StrEnum
from uuid import UUID

from notifications.messages.rules import GRAVE, MessageClass, Severity


class CampaignState(StrEnum):
    """Where a campaign stands; the values are public."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    SENT = "sent"
    CANCELLED = "cancelled"
    FAILED = "failed"


C = CampaignState
MOVES: dict[CampaignState, frozenset[CampaignState]] = {
    C.DRAFT: frozenset({C.IN_REVIEW, C.CANCELLED}),
    C.IN_REVIEW: frozenset({C.DRAFT, C.APPROVED, C.CANCELLED}),
    C.APPROVED: frozenset({C.DRAFT, C.SENDING, C.SCHEDULED, C.CANCELLED}),
    C.SCHEDULED: frozenset({C.DRAFT, C.SENDING, C.CANCELLED}),
    C.SENDING: frozenset({C.SENT, C.PAUSED, C.CANCELLED, C.FAILED}),
    C.PAUSED: frozenset({C.SENDING, C.CANCELLED}),
    C.SENT: frozenset(),
    C.CANCELLED: frozenset(),
    C.FAILED: frozenset(),
}
"""The closed table of moves; going back to `draft` is what an edit does: it voids an approval."""


def may_move(current: CampaignState, wanted: CampaignState) -> bool:
    """Whether a campaign may go from one state to another."""
    return wanted in MOVES[current]


SENDABLE_CLASSES = frozenset({MessageClass.ALERT, MessageClass.SERVICE, MessageClass.CIVIC})
"""Classes a campaign may have: an official message needs the e-address, a commercial one proven
consent; until both exist they are refused."""


class ApprovalRefusal(StrEnum):
    """Why a person may not approve; the values are public error codes."""

    SAME_PERSON = "approver_wrote_campaign"
    NO_BREAK_GLASS = "break_glass_not_allowed"
    SPECIAL = "break_glass_special"


def approval_refusal(
    *,
    approver: UUID,
    writers: frozenset[UUID],
    message_class: MessageClass,
    severity: Severity | None,
    break_glass: bool,
    special: bool,
) -> ApprovalRefusal | None:
    """Name why `approver` may not approve, or None.

    A second person approves. One person alone only breaks the glass: for an alert at Extreme or
    Severe, with a reason, reviewed afterwards. Where a special category was asked to find those
    who are sent to (`special`), nobody decides alone.
    """
    if break_glass:
        if special:
            return ApprovalRefusal.SPECIAL
        grave = message_class is MessageClass.ALERT and severity in GRAVE
        return None if grave else ApprovalRefusal.NO_BREAK_GLASS
    return ApprovalRefusal.SAME_PERSON if approver in writers else None
