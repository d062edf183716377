"""A municipality whose facts tests change, staff and residents who call, and groups that follow."""

import pytest

from backend.kernel.clock import Clock
from backend.kernel.db import Database
from backend.kernel.ids import new_id
from backend.kernel.outbox import lock_next_event, publish, remove
from backend.kernel.principals import PrincipalKind
from backend.kernel.tenancy import MunicipalityId
from groups.public import IMPORTED, outbox_handlers
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
        "purpose": "Ziņas par Stopiņu pagastu.",
        "rule": of_parish(STOPINI),
    }


@pytest.fixture
def imported(database: Database, clock: Clock) -> Imported:
    """Give the way to tell that an import changed facts, and to wait until groups have followed."""

    async def follow(municipality: MunicipalityId = ROPAZI) -> int:
        handlers, count = outbox_handlers(clock), 0
        async with database.write([municipality]) as session:
            await publish(session, municipality, IMPORTED, {"importId": str(new_id())}, clock())
        while True:
            async with database.write([municipality]) as session:
                event = await lock_next_event(session, clock())
                if event is None:
                    return count
                await handlers[event.topic](session, event)
                await remove(session, event)
            count += 1

    return follow
