"""A resident's browsers: the same rules as devices, and keys that can encrypt."""

import base64
import os
from dataclasses import replace
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient

from backend.app.context import AppContext
from backend.app.main import build_app
from backend.kernel.clock import Clock
from backend.kernel.db import Database
from backend.kernel.ids import new_id
from backend.kernel.personal_data import Vault
from backend.kernel.settings import load_settings
from notifications.channels.ports import Channel
from notifications.devices.public import endpoints_of, open_endpoint, reachable
from tests.drivers.people import ROPAZI, Caller, Register, SignedIn

KEYS = {
    "p256dh": base64.urlsafe_b64encode(b"\x04" + bytes(64)).decode().rstrip("="),
    "auth": base64.urlsafe_b64encode(bytes(16)).decode().rstrip("="),
}
KEY = base64.b64encode(bytes(range(32))).decode()
PRODUCTION = {
    "NOVADS_ENV": "production",
    "NOVADS_DATA_KEYS": f"1:{KEY}",
    "NOVADS_MATCH_KEY": KEY,
    "NOVADS_RECEIPT_KEY": KEY,
}


def subscription(endpoint: str = "https://push.example.com/abc", **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - wrong bodies too
    return {"endpoint": endpoint, "keys": KEYS, "expirationTime": None, **changes}


async def test_a_registered_browser_is_reached_with_its_own_url_and_keys(
    register: Register, signed_in: SignedIn, database: Database, vault: Vault
) -> None:
    anna_id = await register()
    anna = await signed_in(anna_id)
    browser = new_id()
    answer = await anna.call("PUT", f"/web-push-subscriptions/{browser}", subscription())
    assert (answer.status_code, answer.json()["id"]) == (200, str(browser))
    async with database.read((ROPAZI,)) as session:
        found = await endpoints_of(session, ROPAZI, Channel.WEB_PUSH, [anna_id])
        reach = await reachable(session, ROPAZI, [anna_id])
    endpoint = open_endpoint(vault, found[anna_id][0])
    assert endpoint.value == "https://push.example.com/abc"
    assert endpoint.keys == (KEYS["p256dh"], KEYS["auth"])
    assert reach == {Channel.PUSH: frozenset(), Channel.WEB_PUSH: frozenset({anna_id})}


async def test_a_removed_browser_is_no_longer_reached(
    register: Register, signed_in: SignedIn, database: Database
) -> None:
    anna_id = await register()
    anna = await signed_in(anna_id)
    browser = new_id()
    await anna.call("PUT", f"/web-push-subscriptions/{browser}", subscription())
    assert (await anna.call("DELETE", f"/web-push-subscriptions/{browser}")).status_code == 204
    async with database.read((ROPAZI,)) as session:
        assert await endpoints_of(session, ROPAZI, Channel.WEB_PUSH, [anna_id]) == {}


async def test_another_residents_browser_is_not_found(
    register: Register, signed_in: SignedIn
) -> None:
    anna, janis = [await signed_in(await register(f"3200000000{n}")) for n in (1, 2)]
    browser = new_id()
    await anna.call("PUT", f"/web-push-subscriptions/{browser}", subscription())
    his = subscription("https://push.example.com/his")
    for method, body in (("PUT", his), ("DELETE", None)):
        answer = await janis.call(method, f"/web-push-subscriptions/{browser}", body)
        assert (answer.status_code, answer.json()["code"]) == (404, "device_not_found")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (subscription("ftp://push.example.com/"), "/endpoint"),
        (subscription(keys={**KEYS, "p256dh": "AAAA"}), "/keys/p256dh"),
        (subscription(keys={**KEYS, "auth": "AAAA"}), "/keys/auth"),
        (subscription(keys={**KEYS, "other": "AAAA"}), "/keys"),
    ],
    ids=["scheme", "public key", "auth", "unknown key"],
)
async def test_a_subscription_that_cannot_be_sent_to_is_refused_at_its_fault(
    register: Register, signed_in: SignedIn, body: dict[str, Any], pointer: str
) -> None:
    anna: Caller = await signed_in(await register())
    answer = await anna.call("PUT", f"/web-push-subscriptions/{new_id()}", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize("endpoint", ["http://push.example.com/abc", "https://127.0.0.1:8102/abc"])
async def test_production_takes_no_plain_or_internal_url(
    register: Register, signed_in: SignedIn, database: Database, clock: Clock, endpoint: str
) -> None:
    anna = await signed_in(await register())
    settings = load_settings(PRODUCTION)
    app = build_app(AppContext(settings, database, settings.vault(), clock))
    transport = ASGITransport(app)  # type: ignore[arg-type] # litestar's scope is a TypedDict
    async with AsyncClient(transport=transport, base_url="http://testserver") as client:
        production = replace(anna, client=client)
        path = f"/web-push-subscriptions/{new_id()}"
        refused = await production.call("PUT", path, subscription(endpoint))
        accepted = await production.call("PUT", path, subscription())
        key = await production.call("GET", "/web-push/key")
    assert refused.json()["errors"][0]["pointer"] == "/endpoint"
    assert accepted.status_code == 200
    assert (key.status_code, key.json()["code"]) == (503, "web_push_unavailable")


async def test_development_takes_a_simulator_on_loopback_and_tells_its_key(
    register: Register, signed_in: SignedIn
) -> None:
    anna = await signed_in(await register())
    local = subscription("http://127.0.0.1:8102/push/" + os.urandom(4).hex())
    answer = await anna.call("PUT", f"/web-push-subscriptions/{new_id()}", local)
    assert answer.status_code == 200
    assert (await anna.call("GET", "/web-push/key")).json() == {"publicKey": "test-vapid-key"}
