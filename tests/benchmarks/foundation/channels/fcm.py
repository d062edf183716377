"""FCM: our sender, and Google's SDK as it comes."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from importlib import import_module
from typing import Any

import firebase_admin
import msgspec
from aiohttp import ClientSession
from firebase_admin import credentials, messaging
from requests.adapters import HTTPAdapter

from backend.adapters.simulators.control_client import ControlClient
from backend.adapters.simulators.run import FcmSimulator
from backend.kernel.clock import Clock
from backend.kernel.ids import new_id
from notifications.channels.ports import Endpoint, Outgoing
from notifications.channels.push.fcm.message import fcm_message
from notifications.channels.push.fcm.sender import fcm_sender
from tests.benchmarks.foundation.channels.at_once import Ready, posted
from tests.benchmarks.foundation.channels.load import (
    BARE,
    CONCURRENCY,
    Line,
    Prepare,
    Way,
    by_sender,
    closing,
    measured_whole,
)
from tests.benchmarks.foundation.ground import Ground

MESSAGES = 3_000
RIVALS_MESSAGES = 1_000
DEVICES = 1_000
CHUNK = 500
STOCK = "firebase_admin send_each"

# The part of the SDK that the product does not use, and that our stubs leave out.
send_each: Callable[..., messaging.BatchResponse] = import_module(
    "firebase_admin.messaging"
).send_each


@asynccontextmanager
async def fcm_line(ground: Ground, http: ClientSession) -> AsyncGenerator[Line]:
    """Open our sender and the SDK on the simulator."""
    simulator = ground.place.simulators.at.fcm
    control = ControlClient(http, simulator.url)
    tokens = await control.new_tokens(DEVICES)
    sender = fcm_sender(simulator.service_account, endpoint=simulator.url, concurrency=CONCURRENCY)
    async with closing(sender), stock_app(simulator) as app:
        yield Line(
            name="FCM",
            text="push",
            endpoints=[Endpoint(new_id(), token) for token in tokens],
            control=control,
            ours=Way("ours", MESSAGES, by_sender(sender, CHUNK)),
            rivals=[
                Way(STOCK, RIVALS_MESSAGES, _each(app, ground.clock)),
                Way(
                    "firebase_admin send_each_async",
                    RIVALS_MESSAGES,
                    _each_async(app, ground.clock),
                ),
                Way(BARE, MESSAGES, posted(http, _ready(ground, app))),
            ],
            stock=STOCK,
        )


@asynccontextmanager
async def stock_app(simulator: FcmSimulator) -> AsyncGenerator[firebase_admin.App]:
    """Give the SDK as it comes, but for the address; the pool is the one it has for Google's."""
    credential = credentials.Certificate(str(simulator.service_account))
    app = firebase_admin.initialize_app(credential, name=f"stock-{new_id()}")
    service: Any = messaging._get_messaging_service(app)
    service._fcm_url = f"{simulator.url}/v1/projects/{simulator.project_id}/messages:send"
    pool = HTTPAdapter(pool_connections=100, pool_maxsize=100)
    service._client.session.mount(simulator.url, pool)
    try:
        yield app
    finally:
        await service._async_client.async_client.aclose()
        # In a thread, because the SDK closes by asyncio.run, which a running loop forbids.
        await asyncio.to_thread(firebase_admin.delete_app, app)


def _messages(items: Sequence[Outgoing], clock: Clock) -> list[messaging.Message]:
    return [fcm_message(item, item.endpoints[0].value, now=clock()) for item in items]


def _check(batch: messaging.BatchResponse) -> None:
    failed = [response.exception for response in batch.responses if not response.success]
    if failed:
        raise RuntimeError(f"{len(failed)} not taken, the first: {failed[0]}")


def _each(app: firebase_admin.App, clock: Clock) -> Prepare:
    async def send(items: Sequence[Outgoing]) -> None:
        for start in range(0, len(items), CHUNK):
            chunk = _messages(items[start : start + CHUNK], clock)
            _check(await asyncio.to_thread(partial(send_each, chunk, app=app)))

    return measured_whole(send)


def _each_async(app: firebase_admin.App, clock: Clock) -> Prepare:
    async def send(items: Sequence[Outgoing]) -> None:
        for start in range(0, len(items), CHUNK):
            chunk = _messages(items[start : start + CHUNK], clock)
            _check(await messaging.send_each_async(chunk, app=app))

    return measured_whole(send)


def _ready(ground: Ground, app: firebase_admin.App) -> Callable[[Outgoing], Ready]:
    """Write requests as the SDK would, with a token that was fetched before."""
    service: Any = messaging._get_messaging_service(app)
    simulator = ground.place.simulators.at.fcm
    access = credentials.Certificate(str(simulator.service_account)).get_access_token()
    headers = {"Authorization": f"Bearer {access.access_token}", "Content-Type": "application/json"}

    def write(item: Outgoing) -> Ready:
        (message,) = _messages([item], ground.clock)
        body = msgspec.json.encode({"message": service.encode_message(message)})
        return Ready(service._fcm_url, body, headers)

    return write
