"""Signing in, and the phones and browsers that residents register."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from backend.adapters.simulators.control_client import BrowserSubscription
from backend.demo.api import Api
from backend.kernel.clock import Clock
from backend.kernel.principals import PrincipalKind
from backend.kernel.sign_in.assertions import development_assertion

AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Door:
    """Where people sign in: the development login of one municipality."""

    api: Api
    municipality: str
    secret: str
    clock: Clock

    async def enter(self, kind: PrincipalKind, subject: str) -> Api:
        """Sign somebody in and give the API as they see it."""
        now: datetime = self.clock()
        assertion = development_assertion(self.secret, self.municipality, kind, subject, now)
        surface = "staff" if kind is PrincipalKind.STAFF else "mobile"
        body = {"municipality": self.municipality, "assertion": assertion}
        session = await self.api.post(f"/{surface}/v1/sessions", body)
        return self.api.as_(session["token"])


@dataclass(frozen=True, slots=True)
class Owned:
    """What a resident reads messages on: a phone with a push token, a browser, or both."""

    personal_code: str
    token: str | None
    browser: BrowserSubscription | None


async def register_all(door: Door, owners: Sequence[Owned]) -> list[Api]:
    """Let every resident sign in and register what they have; gives their view of the API."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(owner: Owned) -> Api:
        async with gate:
            app = await door.enter(PrincipalKind.RESIDENT, owner.personal_code)
            await _register(app, owner)
            return app

    return list(await asyncio.gather(*(one(owner) for owner in owners)))


async def _register(app: Api, owner: Owned) -> None:
    # The same phone at every run, so that a repeated demo does not fill pockets with phones.
    installation = uuid5(NAMESPACE_URL, f"novads-demo:{owner.personal_code}")
    if owner.token is not None:
        device = {"platform": "android", "tokenKind": "fcm_token", "token": owner.token}
        await app.put(f"/mobile/v1/devices/{installation}", device)
    if owner.browser is not None:
        keys = {"p256dh": owner.browser.keys.p256dh, "auth": owner.browser.keys.auth}
        subscription = {"endpoint": owner.browser.endpoint, "keys": keys}
        await app.put(f"/mobile/v1/web-push-subscriptions/{installation}", subscription)
