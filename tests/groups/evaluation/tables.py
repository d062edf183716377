"""A generated world written as rows of the registry's tables."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import insert

from backend.kernel.db import Database
from backend.kernel.models import Base
from backend.kernel.tenancy import MunicipalityId
from backend.residents.tables import Resident
from groups.tables import (
    Address,
    Attendance,
    FormerAddress,
    Guardianship,
    Household,
    Institution,
    Pet,
    Property,
    ResidentFact,
    SlotCounter,
    Vehicle,
)
from tests.groups.evaluation.world import Person, Thing, World

CLOSED_ON = date(2024, 5, 1)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def closing(*, closed: bool) -> dict[str, object]:
    """Write whether a row is closed."""
    return {"closed_on": CLOSED_ON if closed else None}


def rows(world: World) -> Iterator[tuple[type[Base], list[dict[str, object]]]]:
    """List the rows of a world by table, in the order of their references."""
    yield (
        Address,
        [
            {"id": each.id, "ref": str(each.id), **coordinates(each.known)}
            | {"closed_at": LONG_AGO if each.closed else None}
            for each in world.places
        ],
    )
    yield (
        Household,
        [
            {"id": each.id, "ref": str(each.id), "number": number}
            for number, each in enumerate(world.homes)
        ],
    )
    yield (
        Institution,
        [
            {"id": each.id, "ref": str(each.id), **each.known, **closing(closed=each.closed)}
            for each in world.bodies
        ],
    )
    yield from residents(world)
    yield from links(world)
    yield from belongings(world)
    yield SlotCounter, [{"next_slot": len(world.people), "next_household": len(world.homes)}]


def residents(world: World) -> Iterator[tuple[type[Base], list[dict[str, object]]]]:
    """List the rows of the people themselves: who they are, then what is known of them."""
    yield (
        Resident,
        [
            {
                "id": person.id,
                "given_name_sealed": b"",
                "family_name_sealed": b"",
                "language": "lv",
                "language_source": "registry",
                "registered_at": LONG_AGO,
            }
            for person in world.people
        ],
    )
    yield (
        ResidentFact,
        [
            {
                "resident_id": person.id,
                "slot": person.slot,
                **facts(person.known),
                "address_id": person.place and person.place.id,
                "household_id": person.home and person.home.id,
                **closing(closed=person.closed),
            }
            for person in world.people
        ],
    )


def coordinates(known: Mapping[str, Any]) -> dict[str, Any]:
    """Write an address, its location as two columns."""
    easting, northing = known["location"] or (None, None)
    texts = {name: value for name, value in known.items() if name != "location"}
    return {**texts, "easting": easting, "northing": northing}


def facts(known: Mapping[str, Any]) -> dict[str, Any]:
    """Write what is known of a resident in the table's columns."""
    renamed = {name: known[name] for name in known if name not in {"birth_date", "channels"}}
    lists = {name: list(known[name]) for name in ("interests", "social_statuses")}
    bits = {"push": 1, "web_push": 2, "email": 4, "sms": 8}
    reach = sum(bits[channel] for channel in known["channels"])
    return {**renamed, **lists, "birth_on": known["birth_date"], "reach": reach}


def links(world: World) -> Iterator[tuple[type[Base], list[dict[str, object]]]]:
    """List the rows that tie people to people and institutions."""
    guardianships: list[dict[str, object]] = []
    attendances: list[dict[str, object]] = []
    for person in world.people:
        for child, closed in person.children:
            link = {"guardian_id": person.id, "child_id": child.id}
            guardianships.append({**link, **closing(closed=closed)})
        for body, closed in person.institutions:
            link = {"resident_id": person.id, "institution_id": body.id}
            attendances.append({**link, **closing(closed=closed)})
    yield Guardianship, guardianships
    yield Attendance, attendances


def belongings(world: World) -> Iterator[tuple[type[Base], list[dict[str, object]]]]:
    """List the rows of what belongs to people."""
    kinds: dict[type[Base], list[dict[str, object]]] = {
        Property: [],
        Vehicle: [],
        Pet: [],
        FormerAddress: [],
    }
    for person in world.people:
        for each, _ in person.properties:
            kinds[Property].append({**named(person, each), "address_id": place_of(each)})
        kinds[Vehicle].extend(named(person, each) for each, _ in person.vehicles)
        kinds[Pet].extend(named(person, each) for each, _ in person.pets)
        for each, _ in person.former_addresses:
            kinds[FormerAddress].append({**belonging(person, each), "address_id": place_of(each)})
    yield from kinds.items()


def place_of(thing: Thing) -> object:
    """Name the address of a thing."""
    return thing.place and thing.place.id


def named(person: Person, thing: Thing) -> dict[str, object]:
    """Write a belonging that the registry has a name of its own for."""
    return {"id": thing.id, "ref": str(thing.id), **belonging(person, thing)}


def belonging(person: Person, thing: Thing) -> dict[str, object]:
    """Write something that belongs to a person."""
    return {"resident_id": person.id, **thing.known, **closing(closed=thing.closed)}


async def store(database: Database, municipality: MunicipalityId, world: World) -> None:
    """Write a world as the facts of a municipality."""
    async with database.write([municipality]) as session:
        for table, values in rows(world):
            own: dict[str, object] = {"municipality_id": municipality}
            if table is not SlotCounter:
                own["fingerprint"] = b""
            if values:
                await session.execute(insert(table), [{**own, **value} for value in values])
