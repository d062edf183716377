"""What is known of single residents, read for a rule: only the relations that it asks about."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any as AnyValue
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Uuid, and_, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute

from backend.kernel.db import ReadSession
from backend.kernel.tenancy import MunicipalityId
from groups.explanations.reading import Fact, Known
from groups.registry.models import (
    Address,
    Attendance,
    FormerAddress,
    Guardianship,
    Institution,
    Pet,
    Property,
    ResidentFact,
    Vehicle,
)
from groups.registry.rules import REACH

NUMBER = re.compile("[0-9]{1,4}")
NO_PLACE: Mapping[str, Fact] = dict.fromkeys(
    ("parish", "town", "street", "house_number", "postcode", "location")
)
PLACE = (
    Address.parish,
    Address.town,
    Address.street,
    Address.house,
    Address.postcode,
    Address.easting,
    Address.northing,
)
PERSON = (
    ResidentFact.resident_id,
    ResidentFact.household_id,
    ResidentFact.birth_on,
    ResidentFact.sex,
    ResidentFact.language,
    ResidentFact.citizenship,
    ResidentFact.declared_since,
    ResidentFact.interests,
    ResidentFact.social_statuses,
    ResidentFact.reach,
)

Things = Mapping[UUID, Sequence[Known]]
"""What belongs to each of several residents."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose facts are read, and through which relations."""

    municipality: MunicipalityId
    relations: frozenset[str]


async def known_of(
    session: ReadSession, asked: Asked, resident_ids: Collection[UUID]
) -> Mapping[UUID, Known]:
    """Read what is known of open residents; who is closed or unknown is left out."""
    people = await _people(session, asked, ResidentFact.resident_id, resident_ids)
    own = {row.resident_id: row for row in people}
    relations = {
        name: await read(session, asked, own)
        for name, read in READ.items()
        if name in asked.relations
    }
    return {
        key: Known(
            _person(row), {name: things.get(key, ()) for name, things in relations.items()}, key
        )
        for key, row in own.items()
    }


async def _people(
    session: ReadSession,
    asked: Asked,
    column: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None],
    keys: Collection[UUID],
) -> Sequence[Row[*tuple[AnyValue, ...]]]:
    statement = _placed(
        select(*PERSON, *PLACE), ResidentFact.municipality_id, ResidentFact.address_id
    )
    open_ones = statement.where(
        ResidentFact.municipality_id == asked.municipality,
        ResidentFact.closed_on.is_(None),
        column == _among(keys),
    )
    return (await session.execute(open_ones.order_by(ResidentFact.slot))).all()


async def _household(
    session: ReadSession, asked: Asked, own: Mapping[UUID, Row[*tuple[AnyValue, ...]]]
) -> Things:
    households = {row.household_id for row in own.values() if row.household_id is not None}
    mates: dict[UUID, list[Known]] = defaultdict(list)
    for row in await _people(session, asked, ResidentFact.household_id, households):
        mates[row.household_id].append(Known(_person(row), {}, row.resident_id))
    return {key: mates[row.household_id] for key, row in own.items() if row.household_id}


async def _children(
    session: ReadSession, asked: Asked, own: Mapping[UUID, Row[*tuple[AnyValue, ...]]]
) -> Things:
    links = await session.execute(
        select(Guardianship.guardian_id, Guardianship.child_id).where(
            Guardianship.municipality_id == asked.municipality,
            Guardianship.closed_on.is_(None),
            Guardianship.guardian_id == _among(own),
        )
    )
    pairs = [(guardian, child) for guardian, child in links]
    within = Asked(asked.municipality, asked.relations & {"institutions"})
    children = await known_of(session, within, {child for _, child in pairs})
    return _gathered((guardian, children[child]) for guardian, child in pairs if child in children)


async def _institutions(
    session: ReadSession, asked: Asked, own: Mapping[UUID, Row[*tuple[AnyValue, ...]]]
) -> Things:
    same = and_(
        Institution.municipality_id == Attendance.municipality_id,
        Institution.id == Attendance.institution_id,
    )
    rows = await session.execute(
        select(Attendance.resident_id, Institution.kind, Institution.name)
        .join(Institution, same)
        .where(
            Attendance.municipality_id == asked.municipality,
            Attendance.closed_on.is_(None),
            Institution.closed_on.is_(None),
            Attendance.resident_id == _among(own),
        )
    )
    return _gathered((owner, Known({"kind": kind, "name": name})) for owner, kind, name in rows)


async def _properties(
    session: ReadSession, asked: Asked, own: Mapping[UUID, Row[*tuple[AnyValue, ...]]]
) -> Things:
    columns = select(Property.resident_id, Property.kind, *PLACE)
    rows = await session.execute(
        _placed(columns, Property.municipality_id, Property.address_id).where(
            Property.municipality_id == asked.municipality,
            Property.closed_on.is_(None),
            Property.resident_id == _among(own),
        )
    )
    return _gathered((row.resident_id, Known({"kind": row.kind, **_place(row)})) for row in rows)


async def _vehicles(
    session: ReadSession, asked: Asked, own: Mapping[UUID, Row[*tuple[AnyValue, ...]]]
) -> Things:
    rows = await session.execute(
        select(Vehicle.resident_id, Vehicle.kind, Vehicle.fuel).where(
            Vehicle.municipality_id == asked.municipality,
            Vehicle.closed_on.is_(None),
            Vehicle.resident_id == _among(own),
        )
    )
    return _gathered((owner, Known({"kind": kind, "fuel": fuel})) for owner, kind, fuel in rows)


async def _pets(
    session: ReadSession, asked: Asked, own: Mapping[UUID, Row[*tuple[AnyValue, ...]]]
) -> Things:
    rows = await session.execute(
        select(Pet.resident_id, Pet.species).where(
            Pet.municipality_id == asked.municipality,
            Pet.closed_on.is_(None),
            Pet.resident_id == _among(own),
        )
    )
    return _gathered((owner, Known({"species": species})) for owner, species in rows)


async def _former_addresses(
    session: ReadSession, asked: Asked, own: Mapping[UUID, Row[*tuple[AnyValue, ...]]]
) -> Things:
    columns = select(FormerAddress.resident_id, FormerAddress.since, FormerAddress.until, *PLACE)
    rows = await session.execute(
        _placed(columns, FormerAddress.municipality_id, FormerAddress.address_id).where(
            FormerAddress.municipality_id == asked.municipality,
            FormerAddress.closed_on.is_(None),
            FormerAddress.resident_id == _among(own),
        )
    )
    return _gathered(
        (row.resident_id, Known({"since": row.since, "until": row.until, **_place(row)}))
        for row in rows
    )


READ = {
    "household": _household,
    "children": _children,
    "institutions": _institutions,
    "properties": _properties,
    "vehicles": _vehicles,
    "pets": _pets,
    "former_addresses": _former_addresses,
}


def _placed(
    statement: Select[*tuple[AnyValue, ...]],
    municipality: InstrumentedAttribute[int],
    address_id: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None],
) -> Select[*tuple[AnyValue, ...]]:
    """Add the open address; a closed one is not known."""
    same: ColumnElement[bool] = and_(
        Address.municipality_id == municipality,
        Address.id == address_id,
        Address.closed_at.is_(None),
    )
    return statement.outerjoin(Address, same)


def _person(row: Row[*tuple[AnyValue, ...]]) -> Mapping[str, Fact]:
    reach = frozenset(channel for channel, bit in REACH.items() if row.reach & bit)
    return {
        "birth_date": row.birth_on,
        "sex": row.sex,
        "language": row.language,
        "citizenship": row.citizenship,
        "declared_since": row.declared_since,
        "interests": frozenset(row.interests),
        "social_statuses": frozenset(row.social_statuses),
        "channels": reach,
        **_place(row),
    }


def _place(row: Row[*tuple[AnyValue, ...]]) -> Mapping[str, Fact]:
    if row.parish is None:
        return NO_PLACE
    number = NUMBER.match(row.house or "")
    located = row.easting is not None
    return {
        "parish": row.parish,
        "town": row.town,
        "street": row.street,
        "house_number": int(number.group()) if number else None,
        "postcode": row.postcode,
        "location": (round(row.easting * 100), round(row.northing * 100)) if located else None,
    }


def _gathered(pairs: Iterable[tuple[UUID, Known]]) -> Things:
    gathered: dict[UUID, list[Known]] = defaultdict(list)
    for owner, thing in pairs:
        gathered[owner].append(thing)
    return gathered


def _among(keys: Iterable[UUID]) -> ColumnElement[bool]:
    return any_(literal(list(keys), ARRAY(Uuid())))
