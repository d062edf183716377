"""Delivery reports: sent to the address the order named, again and again until it takes them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector
from msgspec import Struct
from msgspec.json import Encoder

SENDERS = 32
ATTEMPTS = 12
ANSWER_SECONDS = 10.0
_encoder = Encoder()


class Status(StrEnum):
    """How a message ended."""

    DELIVERED = "DELIVERED"
    UNDELIVERABLE = "UNDELIVERABLE"
    EXPIRED = "EXPIRED"
    REJECTED = "REJECTED"


class Report(Struct, frozen=True):
    """The body of a delivery report."""

    id: str
    reference: str
    status: Status
    at: datetime


@dataclass(frozen=True, slots=True)
class Pacing:
    """When reports go: the first after a delay, repeats after a pause that doubles."""

    first_after_seconds: float = 0.0
    pause_seconds: float = 0.25
    longest_pause_seconds: float = 30.0

    def pause_before(self, attempt: int) -> float:
        """Tell how long to wait before attempt 2, 3, ..."""
        doubled: float = self.pause_seconds * 2 ** (attempt - 2)
        return min(doubled, self.longest_pause_seconds)


@dataclass(frozen=True, slots=True)
class _Errand:
    """One report on its way."""

    url: str
    body: bytes
    attempt: int


class Reports:
    """Sends reports with a bounded number of connections, in the background."""

    def __init__(self, pacing: Pacing) -> None:
        """Send with this pacing; nothing is sent outside `sending`."""
        self._pacing = pacing
        self._queue: asyncio.Queue[_Errand] = asyncio.Queue()
        self.sent = 0
        self.repeated = 0
        self.given_up = 0

    @property
    def waiting(self) -> int:
        """Count the reports whose turn it is, not those that pause."""
        return self._queue.qsize()

    def forget(self) -> None:
        """Start counting anew."""
        self.sent = self.repeated = self.given_up = 0

    def post(self, url: str, report: Report) -> None:
        """Send a report when its time comes."""
        self._after(self._pacing.first_after_seconds, _Errand(url, _encoder.encode(report), 1))

    @asynccontextmanager
    async def sending(self) -> AsyncGenerator[None]:
        """Send reports for the time of the block; those still waiting at its end are lost."""
        connector = TCPConnector(limit=SENDERS)
        timeout = ClientTimeout(total=ANSWER_SECONDS)
        async with ClientSession(connector=connector, timeout=timeout) as session:
            senders = [asyncio.create_task(self._send_all(session)) for _ in range(SENDERS)]
            try:
                yield
            finally:
                for sender in senders:
                    sender.cancel()
                await asyncio.gather(*senders, return_exceptions=True)

    async def _send_all(self, session: ClientSession) -> None:
        while True:
            errand = await self._queue.get()
            if await self._taken(session, errand):
                self.sent += 1
            else:
                self._again(errand)

    async def _taken(self, session: ClientSession, errand: _Errand) -> bool:
        headers = {"Content-Type": "application/json"}
        try:
            async with session.post(
                errand.url, data=errand.body, headers=headers, allow_redirects=False
            ) as answer:
                await answer.read()
                return answer.status < 300
        except (ClientError, TimeoutError, ValueError):
            return False

    def _again(self, errand: _Errand) -> None:
        attempt = errand.attempt + 1
        if attempt > ATTEMPTS:
            self.given_up += 1
            return
        self.repeated += 1
        self._after(self._pacing.pause_before(attempt), _Errand(errand.url, errand.body, attempt))

    def _after(self, seconds: float, errand: _Errand) -> None:
        if seconds <= 0:
            self._queue.put_nowait(errand)
        else:
            asyncio.get_running_loop().call_later(seconds, self._queue.put_nowait, errand)
