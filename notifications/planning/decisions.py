"""Who gets what on which channel: decided for many residents at once, written by nobody yet."""

from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from backend.kernel.db import ReadSession
from backend.kernel.tenancy import MunicipalityId
from backend.residents.public import languages
from notifications.channels.ports import Channel
from notifications.delivery.addresses import reach_of
from notifications.messages.rules import OUTSIDE, Kind, Suppression, suppression
from notifications.messages.texts import REQUIRED_LANGUAGE, Texts, language_of
from notifications.preferences.public import preferences_of

BATCH = 5000
"""Residents of a page, decided on in one go; bounds the memory of a large audience."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to happen for one resident; a channel stands in exactly one of the two."""

    resident_id: UUID
    language: str
    deliver: tuple[Channel, ...]
    suppressed: tuple[tuple[Channel, Suppression], ...]


@dataclass(slots=True)
class Summary:
    """Counts over an audience: deliveries by channel and language, exclusions by reason."""

    audience: int = 0
    deliveries: Counter[tuple[Channel, str]] = field(default_factory=Counter[tuple[Channel, str]])
    exclusions: Counter[tuple[Channel, Suppression]] = field(
        default_factory=Counter[tuple[Channel, Suppression]]
    )

    def add(self, decision: Decision) -> None:
        """Count one resident."""
        self.audience += 1
        self.deliveries.update((channel, decision.language) for channel in decision.deliver)
        self.exclusions.update(decision.suppressed)


async def decide(
    session: ReadSession,
    municipality: MunicipalityId,
    kind: Kind,
    topic: str,
    texts: Texts,
    pages: AsyncIterable[Sequence[UUID]],
) -> AsyncGenerator[list[Decision]]:
    """Decide for each resident, a page at a time, by class, preferences and reach."""
    async for batch in pages:
        spoken = await languages(session, municipality, batch)
        chosen = await preferences_of(session, municipality, batch, topic)
        reach = await reach_of(session, municipality, batch)
        yield [
            _decision(
                kind,
                resident,
                language_of(texts, spoken.get(resident, REQUIRED_LANGUAGE)),
                chosen.get(resident),
                {channel: resident in having for channel, having in reach.items()},
            )
            for resident in batch
        ]


def _decision(
    kind: Kind,
    resident: UUID,
    language: str,
    chosen: Sequence[Channel] | None,
    has_address: Mapping[Channel, bool],
) -> Decision:
    reasons = {
        channel: suppression(kind, channel, chosen, has_address=has_address.get(channel, False))
        for channel in OUTSIDE
        if channel in kind.channels
    }
    return Decision(
        resident_id=resident,
        language=language,
        deliver=tuple(channel for channel, reason in reasons.items() if reason is None),
        suppressed=tuple(
            (channel, reason) for channel, reason in reasons.items() if reason is not None
        ),
    )
