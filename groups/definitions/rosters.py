"""Statements on all groups of a municipality that follow the facts, held together."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from pyroaring import BitMap
from sqlalchemy import exists, func, select, update

from backend.kernel.db import ReadSession, WriteSession, fetch
from backend.kernel.tenancy import MunicipalityId
from groups.changes.models import FactChange
from groups.definitions.models import ResidentGroup
from groups.definitions.rules import GroupState
from groups.evaluation.ports import Scope
from groups.language.analysis import LookedUp
from groups.language.folding import fold
from groups.language.spots import Json
from groups.language.things import Purpose
from groups.registry.models import ResidentFact

HOLD = """
SELECT id FROM resident_group WHERE municipality_id = $1 AND state <> 'archived'
ORDER BY id FOR NO KEY UPDATE
"""
STANDING = """
SELECT g.id, g.number, g.current_version, r.rule::text, g.purpose, g.scope, g.state,
  g.state_reason::text
FROM resident_group AS g
JOIN group_rule AS r ON r.municipality_id = g.municipality_id AND r.group_id = g.id
  AND r.version = g.current_version
WHERE g.municipality_id = $1 AND g.state <> 'archived'
ORDER BY g.id
"""
VALUES = "SELECT attribute, value FROM registry_value WHERE municipality_id = $1"
WITHDRAWN, PRESENT = f"{VALUES} AND withdrawn_on IS NOT NULL", f"{VALUES} AND withdrawn_on IS NULL"


@dataclass(frozen=True, slots=True)
class Standing:
    """A group as it stands: its rule as JSON text, the state it is in and why."""

    id: UUID
    number: int
    rule_version: int
    written: str
    purpose: Purpose
    scope: Scope
    state: GroupState
    reason: Json


async def hold(session: WriteSession, municipality: MunicipalityId) -> None:
    """Hold the rows of all groups that are not archived until commit, in order of ids."""
    await fetch(session, HOLD, int(municipality))


async def standing(session: ReadSession, municipality: MunicipalityId) -> Sequence[Standing]:
    """Give every group that is not archived, in order of ids."""
    return [
        Standing(
            group_id,
            number,
            version,
            rule,
            Purpose(purpose),
            Scope(scope),
            GroupState(state),
            msgspec.json.decode(reason) if reason else None,
        )
        for group_id, number, version, rule, purpose, scope, state, reason in await fetch(
            session, STANDING, int(municipality)
        )
    ]


async def move(
    session: WriteSession,
    municipality: MunicipalityId,
    group_id: UUID,
    state: GroupState,
    reason: Json,
    since: datetime | None,
) -> None:
    """Put a group into a state; without `since` it is in it already, for another reason."""
    changed = {"state": state.value, "state_reason": reason}
    await session.execute(
        update(ResidentGroup)
        .where(ResidentGroup.municipality_id == municipality, ResidentGroup.id == group_id)
        .values(changed if since is None else {**changed, "state_since": since})
        .execution_options(synchronize_session=False)
    )


async def erased(session: ReadSession, municipality: MunicipalityId) -> BitMap:
    """Give the slots that were noted, are not followed yet, and have nobody any more."""
    noted = (
        select(func.unnest(FactChange.slots).label("slot"))
        .where(FactChange.municipality_id == municipality)
        .subquery()
    )
    there = exists().where(
        ResidentFact.municipality_id == municipality, ResidentFact.slot == noted.c.slot
    )
    return BitMap(await session.scalars(select(noted.c.slot).where(~there)))


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The values that the registry had once and has no longer, in its writing and folded."""

    values: Collection[tuple[str, str]]
    folded: Collection[tuple[str, str]]

    def __contains__(self, named: LookedUp) -> bool:
        """Tell whether what a rule names is gone in every writing that it means."""
        if named.folded:
            return (named.lookup, fold(named.value)) in self.folded
        return (named.lookup, named.value) in self.values


async def withdrawn(session: ReadSession, municipality: MunicipalityId) -> Withdrawn:
    """Give the values that the registry has no longer."""
    gone = {(row[0], row[1]) for row in await fetch(session, WITHDRAWN, int(municipality))}
    if not gone:
        return Withdrawn(gone, gone)
    there = {(row[0], row[1]) for row in await fetch(session, PRESENT, int(municipality))}
    return Withdrawn(gone, _folded(gone) - _folded(there))


def _folded(values: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    return {(attribute, fold(value)) for attribute, value in values}
