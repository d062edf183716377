"""Where many residents are pushed to, and what happens to endpoints called dead."""

from sqlalchemy import text

from backend.kernel.clock import Clock
from backend.kernel.db import Database
from backend.kernel.ids import new_id
from backend.kernel.personal_data import Vault
from backend.kernel.tenancy import MunicipalityId
from notifications.channels.ports import Channel
from notifications.devices.public import endpoints_of, open_endpoint, reachable, remove_dead
from tests.drivers.people import ROPAZI, Register, SignedIn


def told(token: str) -> dict[str, object]:
    return {"platform": "ios", "tokenKind": "fid", "token": token}


async def test_every_device_of_each_of_many_residents_is_found(
    register: Register, signed_in: SignedIn, database: Database, vault: Vault
) -> None:
    people = [await register(f"3200000000{n}") for n in range(3)]
    for owner, tokens in zip(people, (("a1", "a2"), ("b1",), ()), strict=True):
        caller = await signed_in(owner)
        for token in tokens:
            await caller.call("PUT", f"/devices/{new_id()}", told(token))
    async with database.read((ROPAZI,)) as session:
        found = await endpoints_of(session, ROPAZI, Channel.PUSH, [*people, new_id()])
        reach = await reachable(session, ROPAZI, people)
    opened = {who: [open_endpoint(vault, each).value for each in found[who]] for who in found}
    assert opened == {people[0]: ["a1", "a2"], people[1]: ["b1"]}
    assert reach[Channel.PUSH] == frozenset(people[:2])


async def test_nobody_is_found_among_nobody_or_in_another_municipality(
    register: Register, signed_in: SignedIn, database: Database
) -> None:
    owner = await register()
    await (await signed_in(owner)).call("PUT", f"/devices/{new_id()}", told("a"))
    other = MunicipalityId(38001)
    async with database.read((ROPAZI, other)) as session:
        assert await endpoints_of(session, ROPAZI, Channel.PUSH, []) == {}
        assert await endpoints_of(session, other, Channel.PUSH, [owner]) == {}


async def test_a_dead_endpoint_is_removed_once(
    register: Register, signed_in: SignedIn, database: Database, clock: Clock
) -> None:
    owner = await register()
    await (await signed_in(owner)).call("PUT", f"/devices/{new_id()}", told("dead"))
    async with database.write((ROPAZI,)) as session:
        found = await endpoints_of(session, ROPAZI, Channel.PUSH, [owner])
        dead = [endpoint.id for endpoint in found[owner]]
        for expected in (1, 0):
            removed = await remove_dead(
                session, ROPAZI, Channel.PUSH, dead, clock(), "unregistered"
            )
            assert removed == expected
        assert await endpoints_of(session, ROPAZI, Channel.PUSH, [owner]) == {}
        assert await session.scalar(text("SELECT removed_reason FROM device")) == "unregistered"


async def test_a_late_word_that_the_former_token_is_dead_leaves_the_new_one(
    register: Register, signed_in: SignedIn, database: Database, vault: Vault, clock: Clock
) -> None:
    owner, phone = await register(), new_id()
    caller = await signed_in(owner)
    await caller.call("PUT", f"/devices/{phone}", told("former"))
    async with database.read((ROPAZI,)) as session:
        former = await endpoints_of(session, ROPAZI, Channel.PUSH, [owner])
    await caller.call("PUT", f"/devices/{phone}", told("new"))
    async with database.write((ROPAZI,)) as session:
        late = [endpoint.id for endpoint in former[owner]]
        assert await remove_dead(session, ROPAZI, Channel.PUSH, late, clock(), "unregistered") == 0
        left = await endpoints_of(session, ROPAZI, Channel.PUSH, [owner])
    assert [open_endpoint(vault, endpoint).value for endpoint in left[owner]] == ["new"]


async def test_a_device_reported_dead_is_reached_again_after_it_registers(
    register: Register, signed_in: SignedIn, database: Database, clock: Clock
) -> None:
    owner, phone = await register(), new_id()
    caller = await signed_in(owner)
    await caller.call("PUT", f"/devices/{phone}", told("one"))
    async with database.write((ROPAZI,)) as session:
        found = await endpoints_of(session, ROPAZI, Channel.PUSH, [owner])
        ids = [endpoint.id for endpoint in found[owner]]
        await remove_dead(session, ROPAZI, Channel.PUSH, ids, clock(), "unregistered")
    await caller.call("PUT", f"/devices/{phone}", told("two"))
    async with database.read((ROPAZI,)) as session:
        assert (await reachable(session, ROPAZI, [owner]))[Channel.PUSH] == {owner}
