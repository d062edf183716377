"""Statements on all groups of a municipality that follow the facts, held together."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pyroaring import BitMap
from sqlalchemy import ColumnElement, Text, and_, cast, exists, func, select, update

from backend.kernel.db import ReadSession, WriteSession
from backend.kernel.tenancy import MunicipalityId
from groups.changes.models import FactChange
from groups.definitions.models import GroupRule, ResidentGroup
from groups.definitions.rules import GroupState
from groups.evaluation.ports import Scope
from groups.language.analysis import LookedUp
from groups.language.folding import fold
from groups.language.spots import Json
from groups.language.things import Purpose
from groups.registry.models import RegistryValue, ResidentFact


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
    await session.execute(
        select(ResidentGroup.id)
        .where(_followed(municipality))
        .order_by(ResidentGroup.id)
        .with_for_update(key_share=True)
    )


async def hold_all(session: WriteSession, municipality: MunicipalityId) -> Sequence[Standing]:
    """Give every group that is not archived, and hold their rows until commit, in order of ids."""
    await hold(session, municipality)
    # In a statement of its own, which sees what was committed while the rows were awaited.
    rows = await session.execute(
        select(
            ResidentGroup.id,
            ResidentGroup.number,
            ResidentGroup.current_version,
            cast(GroupRule.rule, Text),
            ResidentGroup.purpose,
            ResidentGroup.scope,
            ResidentGroup.state,
            ResidentGroup.state_reason,
        )
        .join(
            GroupRule,
            and_(
                GroupRule.municipality_id == ResidentGroup.municipality_id,
                GroupRule.group_id == ResidentGroup.id,
                GroupRule.version == ResidentGroup.current_version,
            ),
        )
        .where(_followed(municipality))
        .order_by(ResidentGroup.id)
    )
    return [
        Standing(
            group_id, number, version, text, Purpose(purpose), Scope(scope), GroupState(state), why
        )
        for group_id, number, version, text, purpose, scope, state, why in rows
    ]


def _followed(municipality: MunicipalityId) -> ColumnElement[bool]:
    return and_(
        ResidentGroup.municipality_id == municipality,
        ResidentGroup.state != GroupState.ARCHIVED.value,
    )


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
    rows = await session.execute(
        select(RegistryValue.attribute, RegistryValue.value, RegistryValue.withdrawn_on).where(
            RegistryValue.municipality_id == municipality
        )
    )
    gone: set[tuple[str, str]] = set()
    gone_folded: set[tuple[str, str]] = set()
    there: set[tuple[str, str]] = set()
    for attribute, value, day in rows:
        if day is None:
            there.add((attribute, fold(value)))
        else:
            gone.add((attribute, value))
            gone_folded.add((attribute, fold(value)))
    return Withdrawn(gone, gone_folded - there)
