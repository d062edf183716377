"""SMS: our sender, and plain HTTP clients with the same requests."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
from aiohttp import ClientSession

from backend.adapters.simulators.control_client import ControlClient
from backend.adapters.simulators.run import SmsSimulator
from backend.kernel.ids import new_id
from notifications.channels.ports import Endpoint, Outgoing
from notifications.channels.sms.http_gateway.request import request_body
from notifications.channels.sms.http_gateway.sender import http_gateway_sender
from tests.benchmarks.foundation.channels.at_once import Ready, one_by_one, posted
from tests.benchmarks.foundation.channels.load import (
    BARE,
    CONCURRENCY,
    Line,
    Way,
    by_sender,
    closing,
)
from tests.benchmarks.foundation.ground import Ground

MESSAGES = 3_000
RIVALS_MESSAGES = 1_000
NUMBERS = 1_000
CHUNK = 50
ORIGINATOR = "NOVADS"
REPORTS = "http://127.0.0.1:9/ingest/v1/sms-receipts"
"""Where delivery reports would go; the simulator sends none while it is measured."""


@asynccontextmanager
async def sms_line(ground: Ground, http: ClientSession) -> AsyncGenerator[Line]:
    """Open our sender on the simulator."""
    simulator = ground.place.simulators.at.sms
    sender = http_gateway_sender(
        simulator.url,
        api_key=simulator.key,
        originator=ORIGINATOR,
        report_url=REPORTS,
        concurrency=CONCURRENCY,
    )
    write = _ready(simulator)
    async with closing(sender), httpx.AsyncClient(trust_env=False) as client:
        yield Line(
            name="SMS",
            text="sms",
            endpoints=[Endpoint(new_id(), f"+3712{n:07d}") for n in range(NUMBERS)],
            control=ControlClient(http, simulator.url),
            ours=Way("ours", MESSAGES, by_sender(sender, CHUNK)),
            rivals=[
                Way("httpx, one client", RIVALS_MESSAGES, one_by_one(_by_httpx(client, write))),
                Way(BARE, MESSAGES, posted(http, write)),
            ],
        )


def _ready(simulator: SmsSimulator) -> Callable[[Outgoing], Ready]:
    headers = {"Authorization": f"Bearer {simulator.key}", "Content-Type": "application/json"}

    def write(item: Outgoing) -> Ready:
        number = item.endpoints[0].value
        body = request_body(item, number, originator=ORIGINATOR, report_url=REPORTS)
        return Ready(f"{simulator.url}/v1/messages", body, headers)

    return write


def _by_httpx(
    client: httpx.AsyncClient, write: Callable[[Outgoing], Ready]
) -> Callable[[Outgoing], Awaitable[None]]:
    async def carry(item: Outgoing) -> None:
        ready = write(item)
        answer = await client.post(ready.url, content=ready.body, headers=ready.headers)
        answer.raise_for_status()

    return carry
