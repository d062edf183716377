"""What is sent to is frozen: of one group, whatever becomes of it afterwards."""

import asyncio
from uuid import UUID

import pytest

from backend.kernel.clock import Clock
from backend.kernel.db import Database
from backend.kernel.ids import new_id
from backend.kernel.tenancy import MunicipalityId
from groups.public import (
    Audience,
    AudienceNotFound,
    GroupArchived,
    GroupNotFound,
    freeze_audience,
    recipients,
    write_recipients,
)
from tests.drivers.people import ROPAZI, Caller
from tests.groups.audiences.freezing import group_of
from tests.groups.previews.asking import at_least, parish
from tests.groups.townsfolk import Facts, Townsfolk


async def sent_to(database: Database, audience_id: UUID) -> list[UUID]:
    """Start sending to an audience and list who is sent to."""
    async with database.write([ROPAZI]) as session:
        written = await write_recipients(session, ROPAZI, audience_id)
    async with database.read([ROPAZI]) as session:
        listed = list(await recipients(session, ROPAZI, audience_id, -1, 1000))
    assert len(listed) == written
    return listed


async def freeze(database: Database, clock: Clock, group: str) -> Audience:
    """Freeze a group."""
    async with database.write([ROPAZI]) as session:
        return await freeze_audience(session, ROPAZI, UUID(group), clock())


async def test_an_audience_is_the_members_at_the_instant_and_stays_so(
    communicator: Caller, townsfolk: Townsfolk, database: Database, clock: Clock
) -> None:
    residents = await townsfolk.settle(12)
    await townsfolk.settle(5, Facts(parish="Ropažu pagasts"))
    group = await group_of(communicator, parish())
    audience = await freeze(database, clock, group["id"])
    await communicator.post(f"/groups/{group['id']}/archiving")
    assert (audience.size, audience.rule_version) == (12, 1)
    assert await sent_to(database, audience.id) == residents


async def test_who_is_struck_off_before_any_evaluation_is_not_frozen(
    communicator: Caller, townsfolk: Townsfolk, database: Database, clock: Clock
) -> None:
    residents = await townsfolk.settle(12)
    group = await group_of(communicator, parish())
    await townsfolk.strike_off(residents[:2])
    audience = await freeze(database, clock, group["id"])
    assert audience.size == 10
    assert await sent_to(database, audience.id) == residents[2:]


async def test_who_is_struck_off_after_freezing_is_still_counted_and_written(
    communicator: Caller, townsfolk: Townsfolk, database: Database, clock: Clock
) -> None:
    residents = await townsfolk.settle(12)
    audience = await freeze(database, clock, (await group_of(communicator, parish()))["id"])
    await townsfolk.strike_off(residents[:2])
    assert len(await sent_to(database, audience.id)) == audience.size == 12


async def test_recipients_are_written_once_and_read_page_by_page(
    communicator: Caller, townsfolk: Townsfolk, database: Database, clock: Clock
) -> None:
    residents = await townsfolk.settle(12)
    audience = await freeze(database, clock, (await group_of(communicator, parish()))["id"])

    async def write() -> int:
        async with database.write([ROPAZI]) as session:
            return await write_recipients(session, ROPAZI, audience.id)

    assert list(await asyncio.gather(write(), write())) == [12, 12]
    async with database.read([ROPAZI]) as session:
        pages = [await recipients(session, ROPAZI, audience.id, after, 5) for after in (-1, 4, 9)]
    assert [len(page) for page in pages] == [5, 5, 2]
    assert [each for page in pages for each in page] == residents


async def test_the_audience_of_nobody_is_empty(
    communicator: Caller, townsfolk: Townsfolk, database: Database, clock: Clock
) -> None:
    await townsfolk.settle(1)
    audience = await freeze(database, clock, (await group_of(communicator, at_least(90)))["id"])
    assert audience.size == 0
    assert await sent_to(database, audience.id) == []


async def test_only_live_groups_of_the_municipality_are_frozen(
    communicator: Caller, townsfolk: Townsfolk, database: Database, clock: Clock
) -> None:
    await townsfolk.settle(12)
    group = UUID((await group_of(communicator, parish()))["id"])
    for municipality, wanted in ((ROPAZI, new_id()), (MunicipalityId(1000), group)):
        with pytest.raises(GroupNotFound):
            async with database.write([municipality]) as session:
                await freeze_audience(session, municipality, wanted, clock())
    assert (await communicator.post(f"/groups/{group}/archiving")).status_code == 200
    with pytest.raises(GroupArchived):
        await freeze(database, clock, str(group))


async def test_no_audience_of_another_municipality_is_written(
    communicator: Caller, townsfolk: Townsfolk, database: Database, clock: Clock
) -> None:
    await townsfolk.settle(12)
    audience = await freeze(database, clock, (await group_of(communicator, parish()))["id"])
    elsewhere = MunicipalityId(1000)
    with pytest.raises(AudienceNotFound):
        async with database.write([elsewhere]) as session:
            await write_recipients(session, elsewhere, audience.id)
