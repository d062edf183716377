"""The columns of all municipalities that the process holds, and the rules asked of them."""

import asyncio
from collections import ChainMap
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

import numpy as np
from pyroaring import BitMap

from backend.kernel.db import ReadSession
from backend.kernel.errors import TryAgain
from backend.kernel.tenancy import MunicipalityId
from groups.changes.models import RELATIONS
from groups.columns.building import Unsettled, changed, come_and_gone, one_of_each, populated
from groups.columns.compiling import Compiler
from groups.columns.funnel import asked_of, funnel
from groups.columns.population import Population, Slots, Vocabulary
from groups.columns.queries import Source
from groups.columns.words import Collision
from groups.evaluation.ports import EvaluatedBy, Found, Preview, Question, Scope
from groups.evaluation.slots import bitmap_of
from groups.language.tree import Node

ATTEMPTS = 3
SLOTS_A_LOAD = 3
"""If more than one resident in so many changed, all are read anew: it takes no longer."""

Ask = tuple[UUID, Node, Scope]
"""A group, its rule, and whom it asks."""


class NotLoaded(LookupError):
    """The municipality's columns are not in memory."""


@dataclass(slots=True)
class ColumnStore:
    """Populations by municipality. Reading takes no lock; who changes one waits for another.

    A reader keeps the population that it began with: a change puts another in its place.
    """

    _populations: dict[MunicipalityId, Population] = field(
        default_factory=dict[MunicipalityId, Population], repr=False
    )
    _changing: dict[MunicipalityId, asyncio.Lock] = field(
        default_factory=dict[MunicipalityId, asyncio.Lock], repr=False
    )

    async def load(self, session: ReadSession, municipality: MunicipalityId) -> None:
        """Read all facts of a municipality anew.

        Raises:
            TryAgain: the facts changed all the time while they were read.
        """
        async with self._changing.setdefault(municipality, asyncio.Lock()):
            await self._load(session, municipality)

    async def refresh(
        self,
        session: ReadSession,
        municipality: MunicipalityId,
        slots: Collection[int],
        owned: Mapping[str, Collection[int]],
    ) -> None:
        """Read the facts of these residents anew; loads a municipality that is not there.

        `owned` tells by relation of whom what they own is read too.

        Raises:
            TryAgain: the facts changed all the time while they were read.
        """
        async with self._changing.setdefault(municipality, asyncio.Lock()):
            old = self._populations.get(municipality)
            if old is None or len(slots) * SLOTS_A_LOAD > old.residents.size:
                await self._load(session, municipality)
                return
            if not slots:
                return
            source = Source(session, municipality, old.vocabulary.seed)
            try:
                new = await _refreshed(source, old, slots, owned)
            except (Collision, TryAgain):
                await self._load(session, municipality)
            else:
                self._populations[municipality] = new

    def forget(self, municipality: MunicipalityId) -> None:
        """Let go of a municipality."""
        self._populations.pop(municipality, None)

    @property
    def municipalities(self) -> frozenset[MunicipalityId]:
        """Those in memory."""
        return frozenset(self._populations)

    def size(self, municipality: MunicipalityId) -> int:
        """Count the slots of a municipality, taken or not.

        Raises:
            NotLoaded: it is not in memory.
        """
        return self.population(municipality).residents.size

    def bytes(self) -> int:
        """Add up what all columns take."""
        return sum(each.bytes() for each in self._populations.values())

    def preview(self, question: Question, facts_at: datetime | None) -> Preview:
        """Count clause by clause; may be called from any thread.

        Raises:
            NotLoaded: a municipality that is asked is not in memory.
        """
        asked = [self.population(municipality) for municipality in question.municipalities]
        everybody, *steps = funnel(asked, question)
        return Preview(everybody, tuple(steps), EvaluatedBy.ENGINE, question.as_of, facts_at)

    def members(self, question: Question) -> Found:
        """Find the residents of the one municipality asked; may be called from any thread.

        Raises:
            NotLoaded: it is not in memory.
        """
        [municipality] = question.municipalities
        population = self.population(municipality)
        mask = asked_of(population, question).mask(question.rule)
        mask &= population.scope(question.scope)
        return Found(bitmap_of(mask), EvaluatedBy.ENGINE, question.as_of)

    def evaluate(
        self,
        municipality: MunicipalityId,
        rules: Sequence[Ask],
        as_of: date,
        groups: Mapping[UUID, BitMap],
    ) -> Mapping[UUID, BitMap]:
        """Find the members of many groups; a rule may refer to groups before it, or to `groups`.

        Raises:
            NotLoaded: the municipality is not in memory.
        """
        population = self.population(municipality)
        found: dict[UUID, BitMap] = {}
        compiler = Compiler(population, as_of, ChainMap(found, dict(groups)))
        for group_id, rule, scope in rules:
            mask = compiler.mask(rule)
            mask &= population.scope(scope)
            found[group_id] = bitmap_of(mask)
        return found

    def population(self, municipality: MunicipalityId) -> Population:
        try:
            return self._populations[municipality]
        except KeyError:
            raise NotLoaded(municipality) from None

    async def _load(self, session: ReadSession, municipality: MunicipalityId) -> None:
        for seed in range(ATTEMPTS):
            source, vocabulary = Source(session, municipality, seed), Vocabulary(seed)
            try:
                read = await source.everybody()
                having = await asyncio.to_thread(one_of_each, read)
                for name, behind in vocabulary.behind.items():
                    behind.learn(await source.texts(name, having.get(name, ())))
                self._populations[municipality] = await asyncio.to_thread(
                    populated, municipality, vocabulary, read
                )
            except (Collision, Unsettled):
                continue
            return
        raise TryAgain(retry_after_seconds=1)


async def _refreshed(
    source: Source, old: Population, slots: Collection[int], owned: Mapping[str, Collection[int]]
) -> Population:
    """Read residents anew; of who came also everything that they own, of who went nothing."""
    noted = _ascending(slots)
    async with source.looking_up():
        read = await source.own(noted.tolist())
        come, gone = come_and_gone(old, noted, read)
        owners = {name: np.union1d(_ascending(owned.get(name, ())), come) for name in RELATIONS}
        asked = {name: each.tolist() for name, each in owners.items() if each.size}
        if asked:
            read = {**read, **await source.owned(asked)}
    owners = {name: np.union1d(each, gone) for name, each in owners.items()}
    return await _settled(source, old.vocabulary, lambda: changed(old, noted, owners, read))


def _ascending(slots: Collection[int]) -> Slots:
    return np.unique(np.fromiter(slots, np.int64, len(slots)))


async def _settled(
    source: Source, vocabulary: Vocabulary, made: Callable[[], Population]
) -> Population:
    """Make a population; texts that are new to the vocabulary are learned."""
    for _ in vocabulary.behind:
        try:
            return await asyncio.to_thread(made)
        except Unsettled as unsettled:
            behind = vocabulary.behind[unsettled.field]
            behind.learn(await source.texts(unsettled.field, unsettled.slots))
    raise TryAgain(retry_after_seconds=1)
