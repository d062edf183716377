"""Two generated municipalities in PostgreSQL, and each evaluator to ask about them."""

from collections.abc import Mapping

import pytest

from backend.kernel.db import Database
from backend.kernel.tenancy import MunicipalityId
from groups.evaluation.ports import Evaluator
from tests.groups.evaluation.backends import BACKENDS, Load
from tests.groups.evaluation.tables import store
from tests.groups.evaluation.world import Generator, Person

HERE = MunicipalityId(44000)
ELSEWHERE = MunicipalityId(9000)
BOTH = (HERE, ELSEWHERE)

People = Mapping[MunicipalityId, list[Person]]


@pytest.fixture(params=[1, 2])
async def people(request: pytest.FixtureRequest, database: Database) -> People:
    """Give the residents of two municipalities."""
    worlds = {HERE: Generator(request.param).world(250), ELSEWHERE: Generator(99).world(40)}
    for municipality, world in worlds.items():
        await store(database, municipality, world)
    return {municipality: world.people for municipality, world in worlds.items()}


@pytest.fixture(params=BACKENDS)
def load(request: pytest.FixtureRequest) -> Load:
    """Give the way to make each of the evaluators."""
    return BACKENDS[request.param]


@pytest.fixture
async def evaluator(load: Load, database: Database, people: People) -> Evaluator:
    """Give an evaluator that knows the facts of both municipalities."""
    return await load(database, list(people))
