"""The columns by themselves: started, previewed, evaluated, compared with SQL and plain Python."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from backend.kernel.db import Database
from backend.kernel.tenancy import MunicipalityId
from groups.columns.store import ColumnStore
from groups.evaluation.ports import Question, Scope
from tests.benchmarks.groups.saving import Saved
from tests.benchmarks.harness.figures import Figure, at_most
from tests.benchmarks.harness.meters import OWN, Meter
from tests.benchmarks.harness.series import percentile

PREVIEW_MS = 50
RECOMPUTE_SECONDS = 2
NATIONAL_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Nation:
    """Everything the columns are asked of."""

    store: ColumnStore
    municipalities: tuple[MunicipalityId, ...]
    groups: Sequence[Saved]
    as_of: date


async def loaded(database: Database, municipalities: Sequence[MunicipalityId]) -> ColumnStore:
    """Load every population."""
    store = ColumnStore()
    for municipality in municipalities:
        async with database.read([municipality]) as session:
            await store.load(session, municipality)
    return store


def measure_previews(nation: Nation) -> list[Figure]:
    """Preview each of the rules over everybody, clause by clause."""
    milliseconds: list[float] = []
    with Meter() as meter:
        for group in nation.groups:
            question = Question(nation.municipalities, group.tree, nation.as_of, Scope.ALL)
            began = time.perf_counter()
            nation.store.preview(question, None)
            milliseconds.append((time.perf_counter() - began) * 1000)
    name = "national preview with its funnel, the engine"
    return [
        Figure(f"{name}, p50", percentile(milliseconds, 0.5), "ms"),
        Figure(f"{name}, p99", percentile(milliseconds, 0.99), "ms", at_most(PREVIEW_MS)),
        Figure(f"{name}, slowest", max(milliseconds), "ms"),
        Figure(
            "every rule national, processor time",
            meter.cpu(OWN),
            "CPU-s",
            at_most(NATIONAL_SECONDS),
        ),
    ]


def recomputed(nation: Nation) -> Meter:
    """Evaluate every group over its municipality into a bitmap."""
    with Meter() as meter:
        for municipality in nation.municipalities:
            rules = [
                (group.id, group.tree, Scope.DECLARED)
                for group in nation.groups
                if group.municipality == municipality
            ]
            nation.store.evaluate(municipality, rules, nation.as_of, {})
    return meter
