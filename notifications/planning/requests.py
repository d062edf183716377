"""What is asked of the planner, and the policy it plans by."""

from collections.abc import AsyncGenerator, AsyncIterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from backend.kernel.tenancy import MunicipalityId
from notifications.channels.ports import Channel
from notifications.delivery.rules import Lane
from notifications.messages.rules import Kind, QuietHours
from notifications.messages.texts import Texts


@dataclass(frozen=True, slots=True)
class NewDispatch:
    """One content to be sent; the same `deduplication_key` is sent once."""

    municipality: MunicipalityId
    deduplication_key: str
    kind: Kind
    topic: str
    texts: Texts
    link: str
    expires_at: datetime
    transliterate_sms: bool = False


@dataclass(frozen=True, slots=True)
class Recipients:
    """Who is sent to: how many, and who, a page at a time."""

    size: int
    pages: AsyncIterable[Sequence[UUID]]


async def one_page(residents: Sequence[UUID]) -> AsyncGenerator[Sequence[UUID]]:
    """Give a few residents as their only page."""
    yield residents


@dataclass(frozen=True, slots=True)
class ChunkSizes:
    """Recipients in one chunk, by what is sent; small ones overtake and repeat less."""

    push: int = 500
    email: int = 50
    sms: int = 50
    alert: int = 20

    def of(self, channel: Channel, *, urgent: bool) -> int:
        """Give the size of a chunk."""
        if urgent:
            return self.alert
        return {Channel.EMAIL: self.email, Channel.SMS: self.sms}.get(channel, self.push)


@dataclass(frozen=True, slots=True)
class Policy:
    """What the deployment decided about sending."""

    sizes: ChunkSizes
    zone: ZoneInfo
    quiet: QuietHours


def lane_of(kind: Kind, recipients: int) -> Lane:
    """Choose the queue: alerts first, then messages to one person, then the rest."""
    if kind.is_urgent:
        return Lane.EMERGENCY
    return Lane.SINGLE if recipients == 1 else Lane.BULK
