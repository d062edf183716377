"""Web Push: our sender, and pywebpush as its documentation shows it."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pywebpush
from aiohttp import ClientSession

from backend.adapters.simulators.control_client import BrowserSubscription, ControlClient
from backend.kernel.clock import Clock
from backend.kernel.ids import new_id
from notifications.channels.ports import Endpoint, Outgoing
from notifications.channels.web_push.vapid.keys import VapidKey, ensure_vapid_key
from notifications.channels.web_push.vapid.message import encrypted, headers, payload
from notifications.channels.web_push.vapid.sender import vapid_sender
from notifications.channels.web_push.vapid.signing import VapidSigner
from tests.benchmarks.foundation.channels.at_once import Ready, blocking, one_by_one, posted
from tests.benchmarks.foundation.channels.load import (
    BARE,
    CONCURRENCY,
    Line,
    Way,
    by_sender,
    closing,
)
from tests.benchmarks.foundation.ground import Ground

MESSAGES = 2_000
RIVALS_MESSAGES = 500
BROWSERS = 500
CHUNK = 500
CONTACT = "mailto:novads@example.org"
TTL_SECONDS = 7_200
STOCK = "pywebpush.webpush as documented"

# What the product does not use of the library, and what our stubs leave out.
webpush: Callable[..., object] = import_module(pywebpush.__name__).webpush
webpush_async: Callable[..., Awaitable[Any]] = import_module(pywebpush.__name__).webpush_async


@asynccontextmanager
async def web_push_line(ground: Ground, http: ClientSession) -> AsyncGenerator[Line]:
    """Open our sender on the simulator, for subscriptions to our key."""
    simulator = ground.place.simulators.at.web_push
    pem = ground.place.directory / "vapid.pem"
    key, control = ensure_vapid_key(pem), ControlClient(http, simulator.url)
    browsers = await control.new_subscriptions(BROWSERS, vapid_public_key=key.public_base64url)
    sender = vapid_sender(key, contact=CONTACT, concurrency=CONCURRENCY, allow_private=True)
    async with closing(sender):
        yield Line(
            name="Web Push",
            text="push",
            endpoints=[_endpoint(browser) for browser in browsers],
            control=control,
            ours=Way("ours", MESSAGES, by_sender(sender, CHUNK)),
            rivals=[
                Way(STOCK, RIVALS_MESSAGES, blocking(_documented(pem))),
                Way(
                    "pywebpush.webpush_async, one session",
                    RIVALS_MESSAGES,
                    one_by_one(_kept(pem, http)),
                ),
                Way(BARE, MESSAGES, posted(http, _ready(key, simulator.url, ground.clock))),
            ],
            stock=STOCK,
        )


def _endpoint(browser: BrowserSubscription) -> Endpoint:
    return Endpoint(new_id(), browser.endpoint, (browser.keys.p256dh, browser.keys.auth))


def _arguments(item: Outgoing, pem: Path) -> dict[str, Any]:
    """Write the arguments of the documentation's example, and a time to live."""
    endpoint = item.endpoints[0]
    p256dh, auth = endpoint.keys or ("", "")
    return {
        "subscription_info": {"endpoint": endpoint.value, "keys": {"p256dh": p256dh, "auth": auth}},
        "data": payload(item).decode(),
        "vapid_private_key": str(pem),
        "vapid_claims": {"sub": CONTACT},
        "ttl": TTL_SECONDS,
    }


def _documented(pem: Path) -> Callable[[Outgoing], None]:
    def carry(item: Outgoing) -> None:
        webpush(**_arguments(item, pem))

    return carry


def _kept(pem: Path, http: ClientSession) -> Callable[[Outgoing], Awaitable[None]]:
    async def carry(item: Outgoing) -> None:
        answer = await webpush_async(**_arguments(item, pem), aiohttp_session=http)
        answer.release()

    return carry


def _ready(key: VapidKey, origin: str, clock: Clock) -> Callable[[Outgoing], Ready]:
    """Write requests that are encrypted and signed already."""
    authorization = VapidSigner(key, contact=CONTACT).authorization(origin, now=clock())

    def write(item: Outgoing) -> Ready:
        endpoint = item.endpoints[0]
        body = encrypted(payload(item), endpoint.value, endpoint.keys or ("", ""))
        return Ready(endpoint.value, body, headers(item, authorization, now=clock()))

    return write
