"""A generated municipality in PostgreSQL, as explanations read it."""

from collections.abc import Mapping
from uuid import UUID

import pytest

from backend.kernel.db import Database
from backend.kernel.tenancy import MunicipalityId
from groups.explanations.queries import READ, Asked, known_of
from groups.explanations.reading import Known
from tests.groups.evaluation.tables import store
from tests.groups.evaluation.world import Generator, Person

HERE = MunicipalityId(44000)


@pytest.fixture(params=[3, 4])
async def people(request: pytest.FixtureRequest, database: Database) -> list[Person]:
    """Give the residents of a municipality."""
    world = Generator(request.param).world(120)
    await store(database, HERE, world)
    return world.people


@pytest.fixture
async def known(database: Database, people: list[Person]) -> Mapping[UUID, Known]:
    """Give what the tables say of each open resident, through every relation."""
    everything = Asked(HERE, frozenset(READ))
    async with database.read([HERE]) as session:
        return await known_of(session, everything, [person.id for person in people])
