"""A municipality whose facts tests change, staff and residents who call, and groups that follow."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from uuid import UUID

import pytest
from pyroaring import BitMap

from backend.kernel.clock import Clock
from backend.kernel.db import Database, ReadSession
from backend.kernel.principals import PrincipalKind
from backend.kernel.tenancy import MunicipalityId
from groups.definitions.following import FollowedGroup, follow
from groups.definitions.rosters import hold
from groups.definitions.service import today
from groups.evaluation.sql import SqlEvaluator
from groups.memberships.outcomes import Changes
from groups.memberships.rules import Cause
from tests.drivers.people import ROPAZI, Caller, SignIn
from tests.groups.community import STOPINI, Imported, NewGroup, OfParish, Registry


@pytest.fixture
def registry(database: Database) -> Registry:
    """Give the facts of Ropaži municipality."""
    return Registry(database)


@pytest.fixture
def elsewhere(database: Database) -> Registry:
    """Give the facts of another municipality."""
    return Registry(database, MunicipalityId(9000))


@pytest.fixture
async def communicator(sign_in: SignIn) -> Caller:
    """Give a communicator of Ropaži municipality."""
    return await sign_in(PrincipalKind.STAFF, ["communicator"])


@pytest.fixture
def of_parish() -> OfParish:
    """Give the rule of everybody declared in a parish."""
    return lambda parish: {"op": "=", "args": [{"property": "parish"}, parish]}


@pytest.fixture
def stopini(of_parish: OfParish) -> NewGroup:
    """Give a new group of everybody declared in Stopiņi parish."""
    return {
        "name": {"lv": "Stopiņu iedzīvotāji", "en": "Residents of Stopiņi"},
        "description": "Ziņas par Stopiņu pagastu.",
        "purpose": "information",
        "rule": of_parish(STOPINI),
    }


@pytest.fixture
def imported(database: Database, clock: Clock) -> Imported:
    """Give the way to let all groups follow the facts."""

    async def evaluate(
        session: ReadSession, groups: Sequence[FollowedGroup], as_of: date
    ) -> Mapping[UUID, BitMap]:
        evaluator = SqlEvaluator()
        return {
            group.id: (await evaluator.members(session, group.question(as_of))).slots
            for group in groups
        }

    async def follow_all(municipality: MunicipalityId = ROPAZI) -> Sequence[Changes]:
        async with database.write([municipality]) as session:
            await hold(session, municipality)
            return await follow(
                session,
                municipality,
                partial(evaluate, session),
                as_of=today(municipality, clock()),
                cause=Cause.IMPORT,
                clock=clock,
            )

    return follow_all
