"""A resident's devices: registered, renewed, moved, removed; a token has one holder."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from backend.kernel.audit import AuditEntry
from backend.kernel.db import Database
from backend.kernel.ids import new_id
from backend.kernel.tenancy import MunicipalityId
from notifications.devices.models import Device
from tests.drivers.people import ROPAZI, Caller, Register, SignedIn

OTHER = MunicipalityId(38001)


def told(value: str = "token-1", **changes: object) -> dict[str, object]:
    return {"platform": "android", "tokenKind": "fcm_token", "token": value, **changes}


async def names(caller: Caller) -> list[str]:
    listed = (await caller.call("GET", "/devices")).json()["devices"]
    return [device["installationId"] for device in listed]


@pytest.fixture
async def anna(register: Register, signed_in: SignedIn) -> Caller:
    """Give a resident."""
    return await signed_in(await register("32000000001"))


@pytest.fixture
async def janis(register: Register, signed_in: SignedIn) -> Caller:
    """Give another resident of the same municipality."""
    return await signed_in(await register("32000000002"))


async def test_a_registered_device_is_listed_without_its_token(anna: Caller) -> None:
    phone = new_id()
    answer = await anna.call("PUT", f"/devices/{phone}", told(appVersion="1.4.0"))
    listed = await anna.call("GET", "/devices")
    assert answer.status_code == 200
    assert listed.json()["devices"] == [answer.json()]
    assert answer.json()["appVersion"] == "1.4.0"
    assert "token-1" not in listed.text


async def test_a_token_is_kept_encrypted(anna: Caller, database: Database) -> None:
    await anna.call("PUT", f"/devices/{new_id()}", told("token-in-clear"))
    async with database.read((ROPAZI,)) as session:
        device = await session.scalar(select(Device))
    assert device is not None
    assert device.value_sealed is not None
    assert b"token-in-clear" not in device.value_sealed


async def test_a_repeat_renews_only_when_the_device_was_seen(anna: Caller, clock: Any) -> None:  # noqa: ANN401 - the tests' clock has no public name
    phone = new_id()
    first = (await anna.call("PUT", f"/devices/{phone}", told())).json()
    clock.advance(seconds=60)
    second = (await anna.call("PUT", f"/devices/{phone}", told())).json()
    assert second["registeredAt"] == first["registeredAt"]
    assert second["lastSeenAt"] > first["lastSeenAt"]
    assert await names(anna) == [str(phone)]


async def test_a_token_that_moves_to_another_resident_leaves_the_former(
    anna: Caller, janis: Caller
) -> None:
    hers, his = new_id(), new_id()
    await anna.call("PUT", f"/devices/{hers}", told("shared"))
    await janis.call("PUT", f"/devices/{his}", told("shared"))
    assert await names(anna) == []
    assert await names(janis) == [str(his)]


async def test_an_installation_that_keeps_its_token_may_change_hands(
    anna: Caller, janis: Caller
) -> None:
    tablet = new_id()
    await anna.call("PUT", f"/devices/{tablet}", told("tablet"))
    assert (await janis.call("PUT", f"/devices/{tablet}", told("tablet"))).status_code == 200
    assert (await names(anna), await names(janis)) == ([], [str(tablet)])


async def test_an_installation_that_was_signed_out_may_be_taken_over(
    anna: Caller, janis: Caller
) -> None:
    tablet = new_id()
    await anna.call("PUT", f"/devices/{tablet}", told("before"))
    await anna.call("DELETE", f"/devices/{tablet}")
    assert (await janis.call("PUT", f"/devices/{tablet}", told("after"))).status_code == 200


async def test_another_residents_device_is_not_found(anna: Caller, janis: Caller) -> None:
    phone = new_id()
    await anna.call("PUT", f"/devices/{phone}", told("hers"))
    for method, body in (("PUT", told("his")), ("DELETE", None)):
        answer = await janis.call(method, f"/devices/{phone}", body)
        assert (answer.status_code, answer.json()["code"]) == (404, "device_not_found")
    assert await names(anna) == [str(phone)]


async def test_two_residents_registering_one_token_at_once_leave_it_with_one(
    anna: Caller, janis: Caller
) -> None:
    answers = await asyncio.gather(
        *(who.call("PUT", f"/devices/{new_id()}", told("raced")) for who in (anna, janis) * 3)
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len(await names(anna)) + len(await names(janis)) == 1


async def test_two_residents_registering_one_installation_at_once_leave_it_with_one(
    anna: Caller, janis: Caller
) -> None:
    tablet = new_id()
    answers = await asyncio.gather(
        anna.call("PUT", f"/devices/{tablet}", told("hers")),
        janis.call("PUT", f"/devices/{tablet}", told("his")),
    )
    assert sorted(answer.status_code for answer in answers) == [200, 404]
    assert len(await names(anna)) + len(await names(janis)) == 1


async def test_one_device_registered_twice_at_once_is_one_device(anna: Caller) -> None:
    phone = new_id()
    answers = await asyncio.gather(
        *(anna.call("PUT", f"/devices/{phone}", told(f"token-{n}")) for n in range(4))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert await names(anna) == [str(phone)]


async def test_a_resident_has_at_most_twenty_devices_even_when_they_register_at_once(
    anna: Caller,
) -> None:
    phones = [new_id() for _ in range(22)]
    first = await asyncio.gather(
        *(anna.call("PUT", f"/devices/{phone}", told(f"t-{phone}")) for phone in phones)
    )
    assert sorted(answer.status_code for answer in first) == [200] * 20 + [409] * 2
    refused = next(answer for answer in first if answer.status_code == 409)
    assert refused.json()["code"] == "too_many_devices"
    kept = (await names(anna))[0]
    assert (await anna.call("PUT", f"/devices/{kept}", told("renewed"))).status_code == 200
    await anna.call("DELETE", f"/devices/{kept}")
    assert (await anna.call("PUT", f"/devices/{new_id()}", told("another"))).status_code == 200


async def test_a_removed_device_keeps_no_token_and_removing_it_again_changes_nothing(
    anna: Caller, database: Database
) -> None:
    phone = new_id()
    await anna.call("PUT", f"/devices/{phone}", told())
    for _ in range(2):
        assert (await anna.call("DELETE", f"/devices/{phone}")).status_code == 204
    async with database.read((ROPAZI,)) as session:
        device = await session.scalar(select(Device))
        actions = (await session.scalars(select(AuditEntry.action).order_by(AuditEntry.id))).all()
    assert device is not None
    assert (device.value_sealed, device.value_digest) == (None, None)
    assert device.removed_reason == "by_resident"
    assert actions == ["device.bound", "device.removed"]


async def test_an_unknown_device_is_not_found(anna: Caller) -> None:
    assert (await anna.call("DELETE", f"/devices/{new_id()}")).status_code == 404


async def test_two_municipalities_keep_devices_of_the_same_name_apart(
    anna: Caller, register: Register, signed_in: SignedIn
) -> None:
    neighbour = await signed_in(await register(municipality=OTHER), OTHER)
    phone: UUID = new_id()
    for who in (anna, neighbour):
        assert (await who.call("PUT", f"/devices/{phone}", told())).status_code == 200
    assert (await neighbour.call("DELETE", f"/devices/{phone}")).status_code == 204
    assert (await names(anna), await names(neighbour)) == ([str(phone)], [])


@pytest.mark.parametrize(
    "body",
    [
        told(model="X"),
        told(platform="windows"),
        told(tokenKind="apns"),
        told(""),
        told("with space"),
        told("t" * 4097),
        {"platform": "ios"},
    ],
    ids=lambda body: str(body)[:60],
)
async def test_a_device_of_another_form_is_refused(anna: Caller, body: dict[str, object]) -> None:
    answer = await anna.call("PUT", f"/devices/{new_id()}", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert await names(anna) == []
