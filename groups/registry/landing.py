"""What becomes of each staged file: checks between files, then the merge."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, literal, select, update

from backend.kernel.db import WriteSession
from backend.kernel.snapshots import (
    Landed,
    Rejection,
    Target,
    merge,
    numbered,
    reject_repeated,
    table_of,
)
from backend.kernel.tenancy import MunicipalityId
from backend.residents.public import (
    CONTACT_KEY,
    CONTACTS,
    IDENTITIES,
    land_contacts,
    land_identities,
    match_identities,
    reject_identities,
)
from groups.registry import queries
from groups.registry.models import (
    Address,
    Attendance,
    Guardianship,
    Household,
    Institution,
    Pet,
    Property,
    ResidentFact,
)
from groups.registry.ports import PreferenceSink
from groups.registry.resolving import (
    AT_ADDRESS,
    AT_INSTITUTION,
    IN_HOUSEHOLD,
    Reference,
    resolve_reference,
    resolve_resident,
)
from groups.registry.stages import (
    ADDRESSES,
    ATTENDANCE,
    CHILDREN,
    FACTS,
    HOUSEHOLDS,
    INSTITUTIONS,
    PETS,
    PREFERENCES,
    PROPERTIES,
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose snapshot lands, and when: `day` is the civil day of `now` in the municipality's zone."""

    municipality: MunicipalityId
    now: datetime
    day: date
    preferences: PreferenceSink | None


Land = Callable[[WriteSession, Scope], Awaitable[tuple[list[Rejection], Landed]]]
"""Checks and merges one staged file; gives what was rejected and what was written."""

FACT_VALUES = (
    "birth_on",
    "sex",
    "citizenship",
    "language",
    "address_id",
    "household_id",
    "interests",
    "social_statuses",
)


def land_named(
    stage: Table,
    table: Table,
    values: Sequence[str],
    *,
    owner: bool = False,
    references: Sequence[Reference] = (),
    closed: str = "closed_on",
) -> Land:
    """Make the landing of things that have a `ref` of their own."""

    async def land(session: WriteSession, scope: Scope) -> tuple[list[Rejection], Landed]:
        rejections = await reject_repeated(session, stage, ["ref"], "ref")
        if owner:
            rejections += await resolve_resident(
                session, scope.municipality, stage, "owner_code", "resident_id"
            )
        for reference in references:
            rejections += await resolve_reference(session, scope.municipality, stage, reference)
        closing = scope.now if closed == "closed_at" else scope.day
        target = Target(table, ("ref",), values, closed, closing)
        return rejections, await merge(session, scope.municipality, stage, target)

    return land


async def land_residents(session: WriteSession, scope: Scope) -> tuple[list[Rejection], Landed]:
    """Land identities and facts together: a row lands in both or in neither."""
    rejections = await match_identities(session, scope.municipality)
    rejected = select(IDENTITIES.c.line).where(IDENTITIES.c.rejected)
    await session.execute(update(FACTS).where(FACTS.c.line.in_(rejected)).values(rejected=True))
    for reference in (AT_ADDRESS, IN_HOUSEHOLD):
        rejections += await resolve_reference(session, scope.municipality, FACTS, reference)
    await reject_identities(session, select(FACTS.c.line).where(FACTS.c.rejected))
    people = await land_identities(session, scope.municipality, scope.now)
    await session.execute(
        update(FACTS)
        .where(FACTS.c.line == IDENTITIES.c.line)
        .values(resident_id=IDENTITIES.c.resident_id)
    )
    slots = await queries.hold_counter(session, scope.municipality)
    given: dict[str, ColumnElement[Any]] = {
        "slot": numbered(FACTS, slots.next_slot),
        "residence": literal("declared"),
        "reach": literal(0),
    }
    target = Target(
        table_of(ResidentFact), ("resident_id",), FACT_VALUES, "closed_on", scope.day, given
    )
    facts = await merge(session, scope.municipality, FACTS, target)
    slots.next_slot += facts.added
    changed = max(people.changed, facts.changed)
    return rejections, Landed(people.rows, people.added, changed, people.closed)


async def land_households(session: WriteSession, scope: Scope) -> tuple[list[Rejection], Landed]:
    """Land households; a new one gets the next number."""
    rejections = await reject_repeated(session, HOUSEHOLDS, ["ref"], "ref")
    rejections += await resolve_reference(session, scope.municipality, HOUSEHOLDS, AT_ADDRESS)
    counter = await queries.hold_counter(session, scope.municipality)
    given = {"number": numbered(HOUSEHOLDS, counter.next_household)}
    table = table_of(Household)
    target = Target(table, ("ref",), ("address_id",), "closed_on", scope.day, given)
    landed = await merge(session, scope.municipality, HOUSEHOLDS, target)
    counter.next_household += landed.added
    return rejections, landed


async def land_children(session: WriteSession, scope: Scope) -> tuple[list[Rejection], Landed]:
    """Land pairs of guardian and child."""
    rejections = await resolve_resident(
        session, scope.municipality, CHILDREN, "guardian_code", "guardian_id"
    )
    rejections += await resolve_resident(
        session, scope.municipality, CHILDREN, "child_code", "child_id"
    )
    keys = ("guardian_id", "child_id")
    rejections += await reject_repeated(session, CHILDREN, keys, "child_code")
    target = Target(table_of(Guardianship), keys, (), "closed_on", scope.day)
    return rejections, await merge(session, scope.municipality, CHILDREN, target)


async def land_attendance(session: WriteSession, scope: Scope) -> tuple[list[Rejection], Landed]:
    """Land pairs of resident and institution."""
    rejections = await resolve_resident(
        session, scope.municipality, ATTENDANCE, "personal_code", "resident_id"
    )
    rejections += await resolve_reference(session, scope.municipality, ATTENDANCE, AT_INSTITUTION)
    keys = ("resident_id", "institution_id")
    rejections += await reject_repeated(session, ATTENDANCE, keys, "institution_ref")
    target = Target(table_of(Attendance), keys, (), "closed_on", scope.day)
    return rejections, await merge(session, scope.municipality, ATTENDANCE, target)


async def land_contact_points(
    session: WriteSession, scope: Scope
) -> tuple[list[Rejection], Landed]:
    """Land contact points."""
    rejections = await resolve_resident(
        session, scope.municipality, CONTACTS, "code_digest", "resident_id", "personal_code"
    )
    rejections += await reject_repeated(session, CONTACTS, CONTACT_KEY, "value")
    return rejections, await land_contacts(session, scope.municipality, scope.now)


async def land_preferences(session: WriteSession, scope: Scope) -> tuple[list[Rejection], Landed]:
    """Hand the preferences to their owner."""
    rejections = await resolve_resident(
        session, scope.municipality, PREFERENCES, "personal_code", "resident_id"
    )
    rejections += await reject_repeated(session, PREFERENCES, ("resident_id", "topic"), "topic")
    rows = await queries.count_staged_preferences(session)
    changed = 0
    if scope.preferences is not None:
        pages = queries.staged_preferences(session)
        changed = await scope.preferences.replace(session, scope.municipality, pages)
    return rejections, Landed(rows, changed=changed)


land_addresses = land_named(
    ADDRESSES,
    table_of(Address),
    ("parish", "town", "street", "house", "flat", "postcode", "easting", "northing"),
    closed="closed_at",
)
land_institutions = land_named(
    INSTITUTIONS,
    table_of(Institution),
    ("kind", "name", "address_id"),
    references=[AT_ADDRESS],
)
land_pets = land_named(PETS, table_of(Pet), ("resident_id", "species"), owner=True)
land_properties = land_named(
    PROPERTIES,
    table_of(Property),
    ("resident_id", "kind", "address_id"),
    owner=True,
    references=[AT_ADDRESS],
)
