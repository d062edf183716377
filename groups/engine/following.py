"""Steps of one municipality: facts fetched, groups evaluated and compared, in one transaction."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from pyroaring import BitMap

from backend.kernel.clock import Clock
from backend.kernel.db import Database, WriteSession
from backend.kernel.logs import logger
from backend.kernel.tenancy import MunicipalityId
from groups.changes.queries import drain
from groups.columns.store import ColumnStore
from groups.definitions import rosters
from groups.definitions.following import FollowedGroup, follow
from groups.definitions.service import today
from groups.engine import queries
from groups.engine.queries import Followed
from groups.engine.rules import missed_days
from groups.memberships.rules import Cause

LOG = logger(__name__)


class Superseded(Exception):
    """Another engine has followed this municipality meanwhile; what was begun here is undone."""


@dataclass(slots=True)
class Follower:
    """Keeps columns and memberships of municipalities in step with facts and calendar.

    A step is one transaction. It begins by counting itself, on condition that nobody else counted
    since the last: an engine that does not know that it leads no longer changes nothing, lets go
    of its columns, and reads them anew. Steps of one municipality must not overlap.
    """

    database: Database
    columns: ColumnStore
    clock: Clock
    facts_at: dict[MunicipalityId, datetime] = field(default_factory=dict[MunicipalityId, datetime])
    """By municipality the instant as of which all facts are followed."""
    _known: dict[MunicipalityId, Followed] = field(default_factory=dict[MunicipalityId, Followed])

    def is_due(self, municipality: MunicipalityId) -> bool:
        """Tell whether there is something to do even when no change is noted."""
        known = self._known.get(municipality)
        return known is None or bool(missed_days(known.as_of, self._today(municipality)))

    async def advance(self, municipality: MunicipalityId, *, is_noted: bool) -> None:
        """Follow every day that was missed, then what was noted; the first time everything.

        Raises:
            Superseded: another engine follows.
        """
        try:
            known = self._known.get(municipality)
            if known is None:
                known = await self._begin(municipality)
                is_noted = False
            for day in missed_days(known.as_of, self._today(municipality)):
                known = await self._step(municipality, known, day, Cause.CALENDAR)
            if is_noted:
                await self._step(municipality, known, known.as_of, Cause.IMPORT)
        except Superseded:
            self._known.pop(municipality, None)
            self.facts_at.pop(municipality, None)
            self.columns.forget(municipality)
            raise

    def followed_at(self, municipality: MunicipalityId, looked_at: datetime) -> None:
        """Note that nothing was left to follow at an instant."""
        if municipality in self._known:
            self.facts_at[municipality] = looked_at

    def _today(self, municipality: MunicipalityId) -> date:
        return today(municipality, self.clock())

    async def _begin(self, municipality: MunicipalityId) -> Followed:
        """Read all facts and compare all memberships: nothing that was missed outlasts this."""
        now, present = self.clock(), self._today(municipality)
        async with self.database.write([municipality]) as session:
            found = await queries.hold(session, municipality, present, now)
            days = missed_days(found.as_of, present)
            day, cause = (days[0], Cause.CALENDAR) if days else (found.as_of, Cause.IMPORT)
            known = await self._counted(session, municipality, found, day)
            await drain(session, [municipality])
            await self.columns.load(session, municipality)
            await self._follow(session, municipality, day, cause)
        self._known[municipality], self.facts_at[municipality] = known, now
        LOG.debug(
            "population_loaded", municipality=municipality, rows=self.columns.size(municipality)
        )
        return known

    async def _step(
        self, municipality: MunicipalityId, known: Followed, day: date, cause: Cause
    ) -> Followed:
        now = self.clock()
        async with self.database.write([municipality]) as session:
            advanced = await self._counted(session, municipality, known, day)
            if cause is Cause.IMPORT:
                await self._fetch(session, municipality)
            await self._follow(session, municipality, day, cause)
        self._known[municipality] = advanced
        if cause is Cause.IMPORT:
            self.facts_at[municipality] = now
        return advanced

    async def _counted(
        self, session: WriteSession, municipality: MunicipalityId, known: Followed, day: date
    ) -> Followed:
        advanced = await queries.advance(session, municipality, known, day, self.clock())
        if advanced is None:
            raise Superseded(municipality)
        return advanced

    async def _fetch(self, session: WriteSession, municipality: MunicipalityId) -> None:
        """Take the noted changes, then read what they name: at least what was noted is seen.

        If the transaction fails, the notes are back, and reading again does no harm.
        """
        changed = (await drain(session, [municipality])).get(municipality)
        if changed is None:
            return
        if changed.everybody:
            await self.columns.load(session, municipality)
        else:
            await self.columns.refresh(session, municipality, changed.slots, changed.owned)

    async def _follow(
        self, session: WriteSession, municipality: MunicipalityId, day: date, cause: Cause
    ) -> None:
        # Whoever erases a resident holds the groups: what they noted is taken before it is evaluated,
        # so that nobody who was erased after the facts were read joins again.
        await rosters.hold(session, municipality)
        await self._fetch(session, municipality)

        async def evaluate(groups: Sequence[FollowedGroup], as_of: date) -> Mapping[UUID, BitMap]:
            asked = [(group.id, group.rule, group.scope) for group in groups]
            members = {key: each for group in groups for (_, key), each in group.groups.items()}
            return await asyncio.to_thread(
                self.columns.evaluate, municipality, asked, as_of, members
            )

        made = await follow(
            session, municipality, evaluate, as_of=day, cause=cause, clock=self.clock
        )
        changed = [each for each in made if each.joined or each.left]
        if changed:
            LOG.info(
                "groups_followed",
                municipality=municipality,
                reason=cause.value,
                count=len(changed),
                rows=sum(each.joined + each.left for each in changed),
            )
