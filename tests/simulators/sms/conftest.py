"""A customer of the gateway, and a receiver of its delivery reports on a real port."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from backend.adapters.simulators.run import Simulators


@dataclass
class Inbox:
    """Receives reports; answers with the statuses ahead, then with 204."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    reports: "asyncio.Queue[dict[str, str]]" = field(default_factory=asyncio.Queue)

    async def take(self, request: web.Request) -> web.Response:
        """Take one report."""
        self.reports.put_nowait(await request.json())
        return web.Response(status=self.answers.pop(0) if self.answers else 204)


@pytest.fixture
async def inbox() -> AsyncGenerator[Inbox]:
    """Run a receiver of reports."""
    receiver = Inbox()
    application = web.Application()
    application.router.add_post("/ingest/v1/sms-receipts/{reference}", receiver.take)
    async with TestServer(application) as server:
        receiver.url = str(server.make_url("/ingest/v1/sms-receipts/reference-1"))
        yield receiver


@pytest.fixture
def report_url(inbox: Inbox) -> str:
    """Tell where reports are to be sent."""
    return inbox.url


@pytest.fixture
def next_report(inbox: Inbox) -> Callable[[], Awaitable[Mapping[str, str]]]:
    """Wait for the next report."""

    async def waiting() -> Mapping[str, str]:
        async with asyncio.timeout(10):
            return await inbox.reports.get()

    return waiting


@pytest.fixture
def answer_reports(inbox: Inbox) -> Callable[[Sequence[int]], None]:
    """Have the receiver answer with these statuses first."""
    return inbox.answers.extend


@pytest.fixture
def order() -> Mapping[str, str]:
    """Write an order that the gateway takes."""
    return {
        "to": "+37120000001",
        "from": "NOVADS",
        "text": "Labdien! Lidz 18.00 nav udens.",
        "encoding": "gsm7",
        "reference": "reference-1",
        "messageId": "m-1",
    }


@pytest.fixture
def send(
    http: ClientSession, simulators: Simulators, order: Mapping[str, str]
) -> Callable[..., Awaitable[tuple[int, dict[str, object]]]]:
    """Post an order; keywords replace its members."""

    async def sending(*, key: str = "", **changes: object) -> tuple[int, dict[str, object]]:
        headers = {"Authorization": f"Bearer {key or simulators.sms.key}"}
        url = f"{simulators.sms.url}/v1/messages"
        async with http.post(url, json={**order, **changes}, headers=headers) as answer:
            return answer.status, await answer.json()

    return sending
