"""A generated municipality in PostgreSQL, and another beside it."""

import pytest

from backend.kernel.db import Database
from backend.kernel.tenancy import MunicipalityId
from tests.groups.evaluation.tables import store
from tests.groups.evaluation.world import Generator, Person

HERE = MunicipalityId(44000)
ELSEWHERE = MunicipalityId(9000)


@pytest.fixture(params=[1, 2])
async def people(request: pytest.FixtureRequest, database: Database) -> list[Person]:
    """Give the residents of one municipality; a second one has residents too."""
    worlds = {HERE: Generator(request.param).world(250), ELSEWHERE: Generator(99).world(40)}
    for municipality, world in worlds.items():
        await store(database, municipality, world)
    return worlds[HERE].people
