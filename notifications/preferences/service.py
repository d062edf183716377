"""Residents choose their channels; the registry feeds what it knows; the planner asks."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from backend.kernel import audit
from backend.kernel.clock import Clock
from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.principals import Principal
from backend.kernel.snapshots import copy_rows, make_stages, survey_stage
from backend.kernel.tenancy import MunicipalityId
from groups.public import PreferenceRow
from notifications.channels.ports import Channel
from notifications.preferences import queries
from notifications.preferences.models import STAGED
from notifications.preferences.rules import DEFAULT, EVERY_OTHER, Source, Topic


@dataclass(frozen=True, slots=True)
class TopicPreference:
    """What holds for one topic; `source` is None where nothing was chosen."""

    topic: Topic
    channels: tuple[Channel, ...]
    source: Source | None
    changed_at: datetime | None


async def preferences_of(
    session: ReadSession,
    municipality: MunicipalityId,
    resident_ids: Collection[UUID],
    topic: str,
) -> Mapping[UUID, tuple[Channel, ...]]:
    """Give every one of many residents' channels for a topic, in their order, in one statement."""
    chosen = await queries.chosen_channels(session, municipality, resident_ids, topic)
    return {
        resident_id: channels_of(chosen[resident_id]) if resident_id in chosen else DEFAULT
        for resident_id in resident_ids
    }


async def own_preferences(session: ReadSession, principal: Principal) -> list[TopicPreference]:
    """Give what holds for the resident, topic by topic."""
    rows = await queries.preferences(session, principal.municipality, principal.subject_id)
    every_other = rows.get(EVERY_OTHER)
    found = ((topic, rows.get(topic.value, every_other)) for topic in Topic)
    return [
        TopicPreference(topic, channels_of(row.channels), Source(row.source), row.changed_at)
        if row is not None
        else TopicPreference(topic, DEFAULT, None, None)
        for topic, row in found
    ]


async def choose(
    session: WriteSession,
    principal: Principal,
    choices: Mapping[Topic, Sequence[str]],
    now: datetime,
) -> None:
    """Keep the resident's own choices of some topics; registry feeds no longer change these."""
    changed = await queries.choose(
        session, principal.municipality, principal.subject_id, choices, now
    )
    if changed:
        audit.record(
            session,
            principal,
            "preference.chosen",
            ("resident", principal.subject_id),
            now=now,
            particulars={"topics": changed},
        )


async def choose_all(
    session: WriteSession,
    principal: Principal,
    choices: Mapping[Topic, Sequence[str]],
    now: datetime,
) -> None:
    """Keep the resident's own choices of all topics; one left out gets the default."""
    await choose(session, principal, {topic: choices.get(topic, DEFAULT) for topic in Topic}, now)


@dataclass(frozen=True, slots=True)
class RegistryPreferences:
    """Keeps what the registry knows of preferences (`groups.public.PreferenceSink`)."""

    clock: Clock

    async def replace(
        self,
        session: WriteSession,
        municipality_id: MunicipalityId,
        rows: AsyncIterator[Sequence[PreferenceRow]],
    ) -> int:
        """Make the registry's preferences equal to `rows`; a resident's own choice stays.

        Once in a transaction. Returns how many were added, changed or deleted.
        """
        await _stage(session, rows)
        dropped = await queries.drop_unstaged(session, municipality_id)
        return dropped + await queries.land_staged(session, municipality_id, self.clock())

    async def change(
        self,
        session: WriteSession,
        municipality_id: MunicipalityId,
        rows: AsyncIterator[Sequence[PreferenceRow]],
    ) -> int:
        """Take over `rows` as `replace` does, but leave what they do not name as it was."""
        await _stage(session, rows)
        dropped = await queries.drop_removed(session, municipality_id)
        return dropped + await queries.land_staged(session, municipality_id, self.clock())


async def _stage(session: WriteSession, rows: AsyncIterator[Sequence[PreferenceRow]]) -> None:
    await make_stages(session, STAGED)
    columns = ("resident_id", "topic", "channels", "is_removed")
    async for batch in rows:
        records = [
            (row.resident_id, row.topic, list(row.channels), row.is_removed) for row in batch
        ]
        await copy_rows(session, STAGED, columns, records)
    await survey_stage(session, STAGED)


def channels_of(names: Sequence[str]) -> tuple[Channel, ...]:
    """Turn stored names into channels, in their order."""
    return tuple(Channel(name) for name in names)
