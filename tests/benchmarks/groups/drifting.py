"""Whether all ways of finding members agree: to the last resident, or the benchmark breaks."""

import asyncio
from collections.abc import Mapping
from uuid import UUID

from pyroaring import BitMap

from backend.kernel.db import ReadSession
from backend.kernel.tenancy import MunicipalityId
from groups.columns.store import ColumnStore
from groups.evaluation.ports import Question, Scope
from groups.evaluation.sql import SqlEvaluator
from groups.explanations.queries import READ, Asked, known_of
from groups.explanations.reading import Reading
from tests.benchmarks.groups.ground import Ground
from tests.benchmarks.groups.saving import Saved
from tests.benchmarks.harness.figures import Figure, at_most

PEOPLE = 3_000
STORED = "SELECT group_id, slots FROM membership"
ROWS = "SELECT group_id, array_agg(slot) FROM bench_membership GROUP BY group_id"
DECLARED = """
SELECT resident_id, slot FROM resident_fact
WHERE municipality_id = $1 AND closed_on IS NULL AND residence = 'declared'
ORDER BY slot LIMIT $2
"""


def evaluated(store: ColumnStore, ground: Ground) -> dict[UUID, BitMap]:
    """Evaluate every group by columns over its own municipality."""
    found: dict[UUID, BitMap] = {}
    for municipality in ground.municipalities:
        rules = [
            (group.id, group.tree, Scope.DECLARED)
            for group in ground.groups
            if group.municipality == municipality
        ]
        found.update(store.evaluate(municipality, rules, ground.as_of, {}))
    return found


async def against_rows(ground: Ground, found: Mapping[UUID, BitMap]) -> Figure:
    """Compare columns with what SQL wrote as rows, on every rule."""
    rows = await ground.admin.fetch(ROWS)
    kept = {row[0]: BitMap(row[1]) for row in rows}
    differing = sum(_differing(kept.get(group.id), found[group.id]) for group in ground.groups)
    return Figure("drift, columns against SQL on every rule", differing, "residents", at_most(0))


async def against_stored(ground: Ground, found: Mapping[UUID, BitMap]) -> Figure:
    """Compare the memberships kept after all changes with a full evaluation of facts read anew."""
    rows = await ground.admin.fetch(STORED)
    kept = {row[0]: BitMap.deserialize(row[1]) for row in rows}
    differing = sum(_differing(kept.get(group.id), found[group.id]) for group in ground.groups)
    name = "drift, incremental against full after all feeds"
    return Figure(name, differing, "residents", at_most(0))


async def against_plain_python(ground: Ground, store: ColumnStore) -> list[Figure]:
    """Read every rule over 3,000 people one by one, and ask columns and SQL the same."""
    ground.say(f"reading {len(ground.groups):,} rules over {PEOPLE:,} people one by one")
    smallest = min(ground.nation, key=lambda town: town.residents).municipality
    rows = await ground.admin.fetch(DECLARED, int(smallest), PEOPLE)
    people: list[tuple[UUID, int]] = [(row[0], row[1]) for row in rows]
    asked = Asked(smallest, frozenset(READ))
    async with ground.database.read([smallest]) as session:
        known = await known_of(session, asked, [row[0] for row in people])
        by_sql = [await _by_sql(ground, session, group, smallest) for group in ground.groups]
    chosen, reading = BitMap([row[1] for row in people]), Reading(ground.as_of)
    differing = {"columns": 0, "SQL": 0}
    for group, found_by_sql in zip(ground.groups, by_sql, strict=True):
        plain = BitMap(
            slot for person, slot in people if reading.truth(group.tree, known[person]) is True
        )
        by_columns = store.members(_question(ground, group, smallest)).slots
        differing["columns"] += _differing(plain, by_columns & chosen)
        differing["SQL"] += _differing(plain, found_by_sql & chosen)
        await asyncio.sleep(0)
    return [
        Figure(
            f"drift, {name} against plain Python on 3,000 people", count, "residents", at_most(0)
        )
        for name, count in differing.items()
    ]


async def _by_sql(
    ground: Ground, session: ReadSession, group: Saved, municipality: MunicipalityId
) -> BitMap:
    found = await SqlEvaluator().members(session, _question(ground, group, municipality))
    return found.slots


def _question(ground: Ground, group: Saved, municipality: MunicipalityId) -> Question:
    return Question((municipality,), group.tree, ground.as_of, Scope.DECLARED)


def _differing(one: BitMap | None, other: BitMap) -> int:
    return (one or BitMap()).symmetric_difference_cardinality(other)
