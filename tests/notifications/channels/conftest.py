"""Running simulators, messages to send through them, and servers that misbehave in raw bytes."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from aiohttp import ClientSession

from backend.adapters.simulators.run import ANY_FREE_PORTS, Simulators, running_simulators
from backend.kernel.clock import system_clock
from backend.kernel.ids import new_id
from notifications.channels.ports import Endpoint, Outgoing
from tests.notifications.channels.servers import Control, RawServer, RawServing, Write

TITLE = "Ūdens Stopiņu pagastā nav dzerams"
BODY = "Vāriet ūdeni vismaz 10 minūtes. Ģimenēm ar zīdaiņiem – ūdens pie skolas.\n.\nČ, Ķ, Ņ."
LINK = "https://novads.example.org/m/0190?a=1&b=2"


@pytest.fixture(scope="session")
def simulators_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Name one directory for the session: making its RSA key takes a while."""
    return tmp_path_factory.mktemp("channel-simulators")


@pytest.fixture
async def simulators(simulators_directory: Path) -> AsyncGenerator[Simulators]:
    """Run all simulators on free ports."""
    async with running_simulators(ANY_FREE_PORTS, simulators_directory) as running:
        yield running


@pytest.fixture
async def http() -> AsyncGenerator[ClientSession]:
    """Give an HTTP client for control APIs."""
    async with ClientSession() as session:
        yield session


@pytest.fixture
def fcm_control(http: ClientSession, simulators: Simulators) -> Control:
    """Control the FCM simulator."""
    return Control(http, simulators.fcm.url)


@pytest.fixture
def web_push_control(http: ClientSession, simulators: Simulators) -> Control:
    """Control the Web Push simulator."""
    return Control(http, simulators.web_push.url)


@pytest.fixture
def smtp_control(http: ClientSession, simulators: Simulators) -> Control:
    """Control the SMTP simulator."""
    return Control(http, simulators.smtp.control_url)


@pytest.fixture
def sms_control(http: ClientSession, simulators: Simulators) -> Control:
    """Control the SMS simulator."""
    return Control(http, simulators.sms.url)


@pytest.fixture
def write() -> Write:
    """Write a message to endpoints given by their values, or as endpoints."""

    def writing(
        *to: str | Endpoint,
        title: str = TITLE,
        body: str = BODY,
        link: str = LINK,
        language: str = "lv",
        expires_in: timedelta = timedelta(hours=2),
        urgent: bool = False,
        message_id: UUID | None = None,
        unsubscribe_url: str | None = None,
    ) -> Outgoing:
        endpoints = [Endpoint(new_id(), e) if isinstance(e, str) else e for e in to]
        return Outgoing(
            message_id=message_id or new_id(),
            reference=f"reference-{new_id()}",
            endpoints=endpoints,
            title=title,
            body=body,
            link=link,
            language=language,
            expires_at=system_clock() + expires_in,
            urgent=urgent,
            unsubscribe_url=unsubscribe_url,
        )

    return writing


async def _read_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    lower = head.lower()
    length = int(lower.partition(b"content-length:")[2].split(b"\r\n")[0] or b"0")
    return head + await reader.readexactly(length)


@pytest.fixture
def raw_http() -> RawServing:
    """Serve HTTP from a script of answers, the last one repeating."""

    @asynccontextmanager
    async def serving(answers: Sequence[bytes | None]) -> AsyncGenerator[RawServer]:
        script = list(answers)
        requests: list[bytes] = []

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                while True:
                    requests.append(await _read_request(reader))
                    answer = script.pop(0) if len(script) > 1 else script[0]
                    if answer is None:
                        break
                    writer.write(answer)
                    await writer.drain()
            except (asyncio.IncompleteReadError, ConnectionError):
                pass
            finally:
                writer.transport.abort()

        server = await asyncio.start_server(talk, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server:
            yield RawServer(f"http://127.0.0.1:{port}", port, requests)

    return serving


@pytest.fixture
def free_port() -> int:
    """Name a port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
