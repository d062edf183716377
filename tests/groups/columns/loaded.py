"""Columns behind the evaluator's port, as the differential tests ask them."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass

from typing_extensions import override

from backend.kernel.db import Database, ReadSession
from backend.kernel.tenancy import MunicipalityId
from groups.columns.store import ColumnStore
from groups.evaluation.ports import Evaluator, Found, Preview, Question


@dataclass(frozen=True)
class LoadedColumns(Evaluator):
    """Answers from columns; the session is not asked."""

    store: ColumnStore

    @override
    async def preview(self, session: ReadSession, question: Question) -> Preview:
        return await asyncio.to_thread(self.store.preview, question, None)

    @override
    async def members(self, session: ReadSession, question: Question) -> Found:
        return self.store.members(question)


async def loaded(database: Database, municipalities: Collection[MunicipalityId]) -> LoadedColumns:
    """Load the facts that these municipalities have now."""
    store = ColumnStore()
    for municipality in municipalities:
        async with database.read([municipality]) as session:
            await store.load(session, municipality)
    return LoadedColumns(store)
