"""What becomes of each staged file: checks between files, then the merge."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, select

from backend.kernel.db import WriteSession
from backend.kernel.references import find_named
from backend.kernel.snapshots import (
    Closing,
    Gathering,
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
    land_contacts,
    land_identities,
    match_identities,
    reject_identities,
)
from groups.registry import queries, reach
from groups.registry.models import (
    Address,
    Attendance,
    FormerAddress,
    Guardianship,
    Household,
    Institution,
    Pet,
    Property,
    ResidentFact,
    Vehicle,
)
from groups.registry.ports import PreferenceSink
from groups.registry.resolving import (
    AT_ADDRESS,
    AT_INSTITUTION,
    IN_HOUSEHOLD,
    Reference,
    resident_named,
)
from groups.registry.stages import (
    ADDRESSES,
    ADDRESSES_TOUCHED,
    ATTENDANCE,
    CHILDREN,
    FACTS,
    FORMER_ADDRESSES,
    HOUSEHOLDS,
    INSTITUTIONS,
    INSTITUTIONS_TOUCHED,
    PETS,
    PREFERENCES,
    PROPERTIES,
    RELATION_MARKS,
    RESIDENTS_TOUCHED,
    VEHICLES,
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose feed lands, and when: `day` is the civil day of `now` in the municipality's zone.

    `is_first`: nobody was known there before.
    """

    municipality: MunicipalityId
    now: datetime
    day: date
    preferences: PreferenceSink | None
    closing: Closing | None = Closing.MISSING
    gathers: bool = True
    is_first: bool = False

    def gathering(self, gathering: Gathering | None) -> Gathering | None:
        """Leave out the gathering if all residents are noted anyway."""
        return gathering if self.gathers else None

    def without_closings(self) -> "Scope":
        """Give the same scope in which nothing is closed for being missing."""
        return replace(self, closing=None) if self.closing is Closing.MISSING else self


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
    "residence",
    "declared_since",
)


@dataclass(frozen=True, slots=True)
class Thing:
    """How things that have a `ref` of their own land."""

    stage: Table
    table: Table
    values: Sequence[str]
    references: Sequence[Reference] = ()
    is_owned: bool = False
    closed: str = "closed_on"
    gathering: Gathering | None = None

    async def land(self, session: WriteSession, scope: Scope) -> tuple[list[Rejection], Landed]:
        """Land them."""
        rejections = await self.check(session, scope)
        return rejections, await self.merge(session, scope, {})

    async def check(self, session: WriteSession, scope: Scope) -> list[Rejection]:
        """Reject repeated things, and those that name what is not there."""
        municipality = scope.municipality
        rejections = await reject_repeated(session, self.stage, ["ref"], "ref")
        named = [reference.named(municipality) for reference in self.references]
        if self.is_owned:
            named.append(await resident_named(session, municipality, "owner_code", is_key=False))
        if named:
            rejections += await find_named(session, self.stage, named)
        return rejections

    async def merge(
        self, session: WriteSession, scope: Scope, given: dict[str, ColumnElement[Any]]
    ) -> Landed:
        """Write what differs."""
        closing = scope.now if self.closed == "closed_at" else scope.day
        gathering = scope.gathering(self.gathering)
        target = Target(self.table, ("ref",), self.values, self.closed, closing, given, gathering)
        return await merge(session, scope.municipality, self.stage, target, scope.closing)


def _owners(relation: str, column: str = "resident_id", *, before: bool = False) -> Gathering:
    return Gathering(column, RESIDENTS_TOUCHED, RELATION_MARKS[relation], before=before)


HOUSEHOLDS_OF = Thing(HOUSEHOLDS, table_of(Household), ("address_id",), [AT_ADDRESS])


async def land_households(session: WriteSession, scope: Scope) -> tuple[list[Rejection], Landed]:
    """Land households; a new one gets the next number."""
    rejections = await HOUSEHOLDS_OF.check(session, scope)
    counter = await queries.hold_counter(session, scope.municipality)
    given = {"number": numbered(HOUSEHOLDS, counter.next_household)}
    landed = await HOUSEHOLDS_OF.merge(session, scope, given)
    counter.next_household += landed.added
    return rejections, landed


async def land_residents(session: WriteSession, scope: Scope) -> tuple[list[Rejection], Landed]:
    """Land identities and facts together: a row lands in both or in neither."""
    municipality = scope.municipality
    rejections = await match_identities(session, municipality)
    named = [reference.named(municipality) for reference in (AT_ADDRESS, IN_HOUSEHOLD)]
    rejections += await find_named(session, FACTS, named, reach.beside_facts())
    await reject_identities(session, select(FACTS.c.line).where(FACTS.c.rejected))
    people = await land_identities(session, municipality, scope.now, scope.closing)
    counter = await queries.hold_counter(session, municipality)
    given = {"slot": numbered(FACTS, counter.next_slot), "reach": FACTS.c.reach}
    target = Target(
        table_of(ResidentFact),
        ("resident_id",),
        FACT_VALUES,
        "closed_on",
        scope.day,
        given,
        scope.gathering(Gathering("resident_id", RESIDENTS_TOUCHED)),
    )
    facts = await merge(session, municipality, FACTS, target, scope.closing)
    counter.next_slot += facts.added
    changed = max(people.changed, facts.changed)
    return rejections, Landed(people.rows, people.added, changed, people.closed)


async def land_children(session: WriteSession, scope: Scope) -> tuple[list[Rejection], Landed]:
    """Land pairs of guardian and child."""
    guardian = await resident_named(session, scope.municipality, "guardian_code", "guardian_id")
    child = await resident_named(session, scope.municipality, "child_code", "child_id")
    rejections = await find_named(session, CHILDREN, [guardian, child])
    keys = ("guardian_id", "child_id")
    rejections += await reject_repeated(session, CHILDREN, keys, "child_code")
    gathering = scope.gathering(_owners("children", "guardian_id"))
    table = table_of(Guardianship)
    target = Target(table, keys, (), "closed_on", scope.day, gathering=gathering)
    return rejections, await merge(session, scope.municipality, CHILDREN, target, scope.closing)


async def land_attendance(session: WriteSession, scope: Scope) -> tuple[list[Rejection], Landed]:
    """Land pairs of resident and institution."""
    person = await resident_named(session, scope.municipality, "personal_code")
    place = AT_INSTITUTION.named(scope.municipality, is_key=True)
    rejections = await find_named(session, ATTENDANCE, [person, place])
    keys = ("resident_id", "institution_id")
    rejections += await reject_repeated(session, ATTENDANCE, keys, "institution_ref")
    gathering = scope.gathering(_owners("institutions"))
    target = Target(table_of(Attendance), keys, (), "closed_on", scope.day, gathering=gathering)
    return rejections, await merge(session, scope.municipality, ATTENDANCE, target, scope.closing)


async def land_stays(session: WriteSession, scope: Scope) -> tuple[list[Rejection], Landed]:
    """Land former addresses."""
    person = await resident_named(session, scope.municipality, "personal_code")
    place = AT_ADDRESS.named(scope.municipality, is_key=True)
    rejections = await find_named(session, FORMER_ADDRESSES, [person, place])
    keys = ("resident_id", "address_id", "since")
    rejections += await reject_repeated(session, FORMER_ADDRESSES, keys, "address_ref")
    gathering = scope.gathering(_owners("former_addresses"))
    target = Target(
        table_of(FormerAddress), keys, ("until",), "closed_on", scope.day, gathering=gathering
    )
    landed = await merge(session, scope.municipality, FORMER_ADDRESSES, target, scope.closing)
    return rejections, landed


async def land_contact_points(
    session: WriteSession, scope: Scope
) -> tuple[list[Rejection], Landed]:
    """Land contact points, and who is reached by them."""
    municipality = scope.municipality
    person = await resident_named(session, municipality, "code_digest", reported="personal_code")
    rejections = await find_named(session, CONTACTS, [person])
    rejections += await reject_repeated(session, CONTACTS, CONTACT_KEY, "value")
    landed = await land_contacts(session, municipality, scope.now, scope.closing)
    if not scope.is_first:  # whoever is new was given their reach with their facts
        await reach.follow_contacts(session, municipality)
    return rejections, landed


async def land_preferences(session: WriteSession, scope: Scope) -> tuple[list[Rejection], Landed]:
    """Hand the preferences to their owner."""
    person = await resident_named(session, scope.municipality, "personal_code")
    rejections = await find_named(session, PREFERENCES, [person])
    rejections += await reject_repeated(session, PREFERENCES, ("resident_id", "topic"), "topic")
    rows = await queries.count_staged_preferences(session)
    changed = 0
    if scope.preferences is not None:
        take = scope.preferences.replace
        if scope.closing is not Closing.MISSING:
            take = scope.preferences.change
        pages = queries.staged_preferences(session)
        changed = await take(session, scope.municipality, pages)
    return rejections, Landed(rows, changed=changed)


land_addresses = Thing(
    ADDRESSES,
    table_of(Address),
    ("parish", "town", "street", "house", "flat", "postcode", "easting", "northing"),
    closed="closed_at",
    gathering=Gathering("id", ADDRESSES_TOUCHED, added=False),
).land
land_institutions = Thing(
    INSTITUTIONS,
    table_of(Institution),
    ("kind", "name", "address_id"),
    [AT_ADDRESS],
    gathering=Gathering("id", INSTITUTIONS_TOUCHED, added=False),
).land
land_pets = Thing(
    PETS,
    table_of(Pet),
    ("resident_id", "species"),
    is_owned=True,
    gathering=_owners("pets", before=True),
).land
land_vehicles = Thing(
    VEHICLES,
    table_of(Vehicle),
    ("resident_id", "kind", "fuel"),
    is_owned=True,
    gathering=_owners("vehicles", before=True),
).land
land_properties = Thing(
    PROPERTIES,
    table_of(Property),
    ("resident_id", "kind", "address_id"),
    [AT_ADDRESS],
    is_owned=True,
    gathering=_owners("properties", before=True),
).land
