"""A walk over all routes: as nobody, as the wrong principal, and with another's ids.

The routes come from the running application, so a new one is walked from its first day.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from httpx import AsyncClient, Response

from backend.kernel.ids import new_id
from backend.kernel.principals import PrincipalKind
from backend.staff.public import StaffRole
from tests.contract.served_routes import Route
from tests.contract.walk.furnished import (
    DEVICE,
    DISCLOSURE,
    GROUP,
    SUBSCRIPTION,
    Furnished,
    campaign,
)
from tests.drivers.people import Caller
from tests.service_cases.town import Town

MADE_UP = "0190f3c2-7f3a-7e60-8000-3b1f0f9a1c11"
WORDS = {
    "lookup": "parish",
    "feed": "feed-1",
    "file": "pets.csv",
    "municipality": "LV0044000",
    "reference": "made-up",
    "topic": "roads",
}
"""Path parameters that are no ids."""

ASSETS = {
    "/overview/assets/{name}": "/overview/assets/overview.css",
    "/schema/assets/{name}": "/schema/assets/viewer.css",
}
"""Paths whose parameter is the name of a file."""

SIGNED_IN = (PrincipalKind.RESIDENT, PrincipalKind.STAFF, PrincipalKind.OUTLET)
BODIES: Mapping[str, Any] = {
    "acceptRegistryFeed": {"reason": "Everybody is known to have moved."},
    "approveCampaign": {"digest": "0" * 64},
    "changeGroupRule": {"rule": GROUP["rule"]},
    "discloseMembers": DISCLOSURE,
    "editCampaign": campaign(MADE_UP),
    "registerMyDevice": DEVICE | {"token": "token-of-a-stranger"},
    "registerMyWebPushSubscription": SUBSCRIPTION | {"endpoint": "https://push.example.com/other"},
    "rejectRegistryFeed": {"reason": "It is a feed of tests."},
    "rotateRegistrySourceSecret": {"previousValidHours": 1},
    "rotateStatusSourceSecret": {"previousValidHours": 1},
    "switchRegistrySource": {"enabled": False},
    "switchStatusSource": {"enabled": False},
}
"""Valid bodies of the operations on an object: they must get as far as looking for it."""

CHOSEN_BY_CALLER = {"registerMyDevice", "registerMyWebPushSubscription"}
"""The caller chooses the id. A neighbour who chooses the same is refused; elsewhere it is free."""


def path_of(route: Route, ids: Mapping[str, str]) -> str:
    """Fill a path's parameters; an id that is not given is made up."""
    path = ASSETS.get(route.path, route.path)
    return re.sub(r"\{(\w+)\}", lambda found: _value(found[1], ids), path)


def _value(name: str, ids: Mapping[str, str]) -> str:
    return WORDS.get(name) or ids.get(name, MADE_UP)


async def call(client: AsyncClient, route: Route, path: str, token: str | None) -> Response:
    """Send a request that is complete but for what the test is about."""
    headers = {"idempotency-key": new_id().hex, "if-match": "1"}
    if token is not None:
        headers["authorization"] = f"Bearer {token}"
    body = BODIES.get(str(route.handler.operation_id), {})
    content = body if route.method in {"POST", "PUT"} else None
    return await client.request(route.method, path, json=content, headers=headers)


def on_objects(routes: Sequence[Route], ids: Mapping[str, str]) -> Iterator[Route]:
    """Select the routes with an object's id in their path; those that make one come last."""
    for route in sorted(routes, key=lambda one: one.handler.operation_id in CHOSEN_BY_CALLER):
        if set(re.findall(r"\{(\w+)\}", route.path)) & set(ids):
            yield route


async def test_nobody_gets_anywhere_without_signing_in(
    app_client: AsyncClient, routes: Sequence[Route]
) -> None:
    """No token, a made-up token, and a token of a wrong form are all the same: 401."""
    forged = f"nvd.44000.{new_id().hex}.secret"
    for token in (None, forged, "no-token", "nvd.44000..", "nvd.-1.x.y"):
        for route in routes:
            if route.kind in SIGNED_IN:
                answer = await call(app_client, route, path_of(route, {}), token)
                assert answer.status_code == 401, route.name
                assert answer.json()["code"] == "sign_in_required"
                assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_system_without_its_proof_is_refused(
    app_client: AsyncClient, town: Town, routes: Sequence[Route]
) -> None:
    """No signature, no known reference: 401, and 400 where the body is no event at all."""
    staff = await town.staff(*StaffRole)
    report = {
        "id": "1",
        "reference": "made-up",
        "status": "DELIVERED",
        "at": "2026-11-20T09:00:00Z",
    }
    for route in routes:
        if route.kind is PrincipalKind.SYSTEM:
            for headers in ({}, {"authorization": f"Bearer {staff.token}"}):
                path = path_of(route, {})
                answer = await app_client.request(route.method, path, json=report, headers=headers)
                assert answer.status_code == 401, route.name


async def test_what_is_public_is_open_to_all(
    app_client: AsyncClient, routes: Sequence[Route]
) -> None:
    """Reading needs no token."""
    for route in routes:
        if route.kind is PrincipalKind.PUBLIC and route.method == "GET":
            answer = await call(app_client, route, path_of(route, {}), None)
            assert answer.status_code == 200, route.name


async def test_the_wrong_kind_of_principal_is_refused(
    app_client: AsyncClient, town: Town, routes: Sequence[Route]
) -> None:
    """Residents on the routes of staff and outlets, staff on those of residents and outlets."""
    resident, staff = await town.register_resident(), await town.staff(*StaffRole)
    callers = {PrincipalKind.RESIDENT: resident, PrincipalKind.STAFF: staff}
    for kind, caller in callers.items():
        for route in routes:
            if route.kind in SIGNED_IN and route.kind is not kind:
                answer = await call(app_client, route, path_of(route, {}), caller.token)
                assert answer.status_code == 403, route.name
                assert answer.json()["code"] == "not_allowed"


async def test_staff_needs_one_of_the_roles_and_one_is_enough(
    app_client: AsyncClient, town: Town, routes: Sequence[Route]
) -> None:
    """Every role on every route of staff."""
    for role in StaffRole:
        member = await town.staff(role)
        for route in routes:
            if route.kind is PrincipalKind.STAFF and route.path != "/staff/v1/sessions/current":
                answer = await call(app_client, route, path_of(route, {}), member.token)
                is_allowed = not route.roles or role in route.roles
                is_refused = answer.status_code == 403 and answer.json()["code"] == "not_allowed"
                assert is_refused != is_allowed, (role, route.name)


def test_every_id_in_a_path_and_every_body_is_known_to_the_walk(
    routes: Sequence[Route], furnished: Furnished
) -> None:
    """A new kind of object or operation must be added to the walk."""
    paths = {route.path for route in routes} - set(ASSETS)
    names = {name for path in paths for name in re.findall(r"\{(\w+)\}", path)}
    assert names == set(WORDS) | set(furnished.ids)
    with_body = {
        str(route.handler.operation_id)
        for route in on_objects(routes, furnished.ids)
        if route.handler.parsed_data_field is not None
    }
    assert with_body == set(BODIES)


async def strangers(furnished: Furnished, elsewhere: Town) -> list[tuple[PrincipalKind, Caller]]:
    """Give those who must not learn of the objects: from elsewhere, and the neighbour."""
    return [
        (PrincipalKind.STAFF, await elsewhere.staff(*StaffRole)),
        (PrincipalKind.RESIDENT, await elsewhere.register_resident("32000000037")),
        (PrincipalKind.RESIDENT, furnished.neighbour),
    ]


async def test_anothers_objects_are_not_found_and_stay_as_they_are(
    app_client: AsyncClient, routes: Sequence[Route], furnished: Furnished, elsewhere: Town
) -> None:
    """Another municipality's staff and residents, and the neighbour, get what a made-up id gets."""
    before = await furnished.looks()
    for kind, stranger in await strangers(furnished, elsewhere):
        for route in on_objects(routes, furnished.ids):
            if route.kind is not kind:
                continue
            path = path_of(route, furnished.ids)
            answer = await call(app_client, route, path, stranger.token)
            if route.handler.operation_id in CHOSEN_BY_CALLER:
                assert answer.status_code in {200, 404}, route.name
                continue
            assert answer.status_code == 404, (route.name, answer.text)
            unknown = await call(app_client, route, path_of(route, {}), stranger.token)
            assert unknown.json()["code"] == answer.json()["code"], route.name
    assert await furnished.looks() == before


async def test_lists_hold_nothing_of_others(
    routes: Sequence[Route], furnished: Furnished, elsewhere: Town
) -> None:
    """No answer to a stranger names an object of the furnished municipality."""
    for kind, stranger in await strangers(furnished, elsewhere):
        for route in routes:
            if route.kind is kind and route.method == "GET" and "{" not in route.path:
                answer = await stranger.get(route.path)
                assert not [one for one in furnished.ids.values() if one in answer.text], route.name


@pytest.mark.parametrize("offered", ["expired", "revoked"])
async def test_a_session_that_is_over_is_nobodys(
    app_client: AsyncClient, town: Town, routes: Sequence[Route], offered: str
) -> None:
    """After twelve hours, and at once after signing out."""
    staff = await town.staff(*StaffRole)
    if offered == "revoked":
        headers = {"authorization": f"Bearer {staff.token}"}
        gone = await app_client.delete("/staff/v1/sessions/current", headers=headers)
        assert gone.status_code == 204
    else:
        town.clock.advance(seconds=12 * 3600 + 1)
    for route in routes:
        if route.kind is PrincipalKind.STAFF:
            answer = await call(app_client, route, path_of(route, {}), staff.token)
            assert answer.status_code == 401, route.name
