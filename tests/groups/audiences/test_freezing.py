"""An audience is a group's members as they were at an instant."""

import asyncio
from datetime import date
from uuid import UUID

import pytest

from backend.kernel.db import Database
from backend.kernel.ids import new_id
from backend.kernel.tenancy import MunicipalityId
from groups.public import (
    AudienceNotFound,
    GroupArchived,
    GroupNotFound,
    audience_members,
    freeze_audience,
)
from tests.drivers.clock import SteeredClock
from tests.drivers.people import ROPAZI, Caller
from tests.groups.community import Imported, NewGroup, Registry


async def test_a_frozen_audience_stays_as_it_was_when_the_group_moves_on(
    communicator: Caller,
    registry: Registry,
    database: Database,
    imported: Imported,
    stopini: NewGroup,
    clock: SteeredClock,
) -> None:
    residents = await registry.settle(12)
    group = UUID((await communicator.post("/groups", stopini)).json()["id"])
    async with database.write([ROPAZI]) as session:
        audience = await freeze_audience(session, ROPAZI, group, clock())
    assert (audience.size, audience.rule_version, audience.as_of) == (12, 1, date(2026, 11, 20))
    await registry.close(residents[:5])
    await registry.settle(2)
    await imported()
    async with database.read([ROPAZI]) as session:
        assert await audience_members(session, ROPAZI, audience.id) == sorted(residents)


async def test_the_audience_of_a_group_without_members_is_empty(
    communicator: Caller, database: Database, stopini: NewGroup, clock: SteeredClock
) -> None:
    group = UUID((await communicator.post("/groups", stopini)).json()["id"])
    async with database.write([ROPAZI]) as session:
        audience = await freeze_audience(session, ROPAZI, group, clock())
        assert audience.size == 0
        assert await audience_members(session, ROPAZI, audience.id) == []


async def test_an_audience_frozen_while_the_group_is_evaluated_has_the_members_of_one_evaluation(
    communicator: Caller,
    registry: Registry,
    database: Database,
    imported: Imported,
    stopini: NewGroup,
    clock: SteeredClock,
) -> None:
    before = await registry.settle(300)
    group = UUID((await communicator.post("/groups", stopini)).json()["id"])
    await registry.close(before)
    after = await registry.settle(200)

    async def freeze() -> list[UUID]:
        async with database.write([ROPAZI]) as session:
            audience = await freeze_audience(session, ROPAZI, group, clock())
            members = await audience_members(session, ROPAZI, audience.id)
        assert audience.size == len(members)
        return members

    frozen, _ = await asyncio.gather(freeze(), imported())
    assert frozen in (sorted(before), sorted(after))


async def test_a_group_that_is_unknown_foreign_or_archived_gives_no_audience(
    communicator: Caller, database: Database, stopini: NewGroup, clock: SteeredClock
) -> None:
    group = UUID((await communicator.post("/groups", stopini)).json()["id"])
    elsewhere = MunicipalityId(9000)
    for municipality, wanted in ((ROPAZI, new_id()), (elsewhere, group)):
        with pytest.raises(GroupNotFound):
            async with database.write([municipality]) as session:
                await freeze_audience(session, municipality, wanted, clock())
    await communicator.post(f"/groups/{group}/archiving")
    with pytest.raises(GroupArchived):
        async with database.write([ROPAZI]) as session:
            await freeze_audience(session, ROPAZI, group, clock())


async def test_an_audience_of_another_municipality_is_not_found(
    communicator: Caller, database: Database, stopini: NewGroup, clock: SteeredClock
) -> None:
    group = UUID((await communicator.post("/groups", stopini)).json()["id"])
    async with database.write([ROPAZI]) as session:
        audience = await freeze_audience(session, ROPAZI, group, clock())
    elsewhere = MunicipalityId(9000)
    with pytest.raises(AudienceNotFound):
        async with database.read([elsewhere]) as session:
            await audience_members(session, elsewhere, audience.id)
