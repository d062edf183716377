"""A generated world written as rows of the registry's tables."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from sqlalchemy import insert

from backend.kernel.db import Database
from backend.kernel.models import Base
from backend.kernel.tenancy import MunicipalityId
from backend.residents.tables import Resident
from groups.tables import (
    Address,
    Attendance,
    Guardianship,
    Institution,
    Pet,
    Property,
    ResidentFact,
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
            {"id": each.id, "ref": str(each.id), **each.texts}
            | {"closed_at": LONG_AGO if each.closed else None}
            for each in world.places
        ],
    )
    yield (
        Institution,
        [
            {"id": each.id, "ref": str(each.id), **each.texts, **closing(closed=each.closed)}
            for each in world.bodies
        ],
    )
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
                "birth_on": person.born,
                **person.texts,
                "address_id": person.place and person.place.id,
                "interests": [],
                "social_statuses": [],
                **closing(closed=person.closed),
            }
            for person in world.people
        ],
    )
    yield from links(world)


def links(world: World) -> Iterator[tuple[type[Base], list[dict[str, object]]]]:
    """List the rows of what belongs to people."""
    guardianships: list[dict[str, object]] = []
    attendances: list[dict[str, object]] = []
    owned: list[dict[str, object]] = []
    pets: list[dict[str, object]] = []
    for person in world.people:
        for child, closed in person.children:
            link = {"guardian_id": person.id, "child_id": child.id}
            guardianships.append({**link, **closing(closed=closed)})
        for body, closed in person.institutions:
            link = {"resident_id": person.id, "institution_id": body.id}
            attendances.append({**link, **closing(closed=closed)})
        for each, _ in person.properties:
            place = {"address_id": each.place and each.place.id}
            owned.append({**belonging(person, each), **place})
        pets.extend(belonging(person, each) for each, _ in person.pets)
    yield from (
        (Guardianship, guardianships),
        (Attendance, attendances),
        (Property, owned),
        (Pet, pets),
    )


def belonging(person: Person, thing: Thing) -> dict[str, object]:
    """Write a property or pet of a person."""
    return {
        "id": thing.id,
        "ref": str(thing.id),
        "resident_id": person.id,
        **thing.texts,
        **closing(closed=thing.closed),
    }


async def store(database: Database, municipality: MunicipalityId, world: World) -> None:
    """Write a world as the facts of a municipality."""
    own = {"municipality_id": municipality, "fingerprint": b""}
    async with database.write([municipality]) as session:
        for table, values in rows(world):
            if values:
                await session.execute(insert(table), [{**own, **value} for value in values])
