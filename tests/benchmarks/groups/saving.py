"""A thousand groups saved without being evaluated: the engine is to find their members."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from backend.kernel.ids import new_id
from backend.kernel.tenancy import MunicipalityId
from groups.language.decode import decode
from groups.language.errors import RuleInvalid
from groups.language.things import Purpose
from groups.language.tree import Node
from tests.benchmarks.groups.nation import Town
from tests.benchmarks.groups.templates import Rule

GROUP = """
INSERT INTO resident_group (municipality_id, id, name_lv, name_en, label_lv, label_en, description,
  purpose, scope, state, state_since, current_version, version, created_by, created_at)
VALUES ($1, $2, $3, $3, $3, $3, $3, $5, 'declared', 'live', $4, 1, 1, $2, $4)
"""
RULE = """
INSERT INTO group_rule (municipality_id, group_id, version, rule, created_by, created_at)
VALUES ($1, $2, 1, $3, $2, $4)
"""


@dataclass(frozen=True, slots=True)
class Saved:
    """One group of the benchmark."""

    municipality: MunicipalityId
    id: UUID
    rule: Rule
    tree: Node
    purpose: Purpose


def purpose_of(rule: Rule) -> Purpose:
    """Name a purpose for which a rule may be asked."""
    for purpose in Purpose:
        try:
            decode(rule, purpose=purpose)
        except RuleInvalid:
            continue
        return purpose
    raise ValueError("a rule for no purpose")


def saved(town: Town, rule: Rule) -> Saved:
    """Name a group."""
    return Saved(town.municipality, new_id(), rule, decode(rule), purpose_of(rule))


async def save(admin_url: str, groups: Sequence[Saved], now: datetime) -> None:
    """Write live groups and their rules."""
    connection = await asyncpg.connect(admin_url)
    try:
        named = enumerate(groups)
        rows = [
            (int(g.municipality), g.id, f"Grupa {number}", now, g.purpose.value)
            for number, g in named
        ]
        await connection.executemany(GROUP, rows)
        written = [(int(g.municipality), g.id, json.dumps(g.rule), now) for g in groups]
        await connection.executemany(RULE, written)
    finally:
        await connection.close()
