"""Running simulators, and independent clients that speak to them."""

import json
from collections.abc import AsyncGenerator, Mapping
from datetime import datetime
from pathlib import Path

import pytest
from aiohttp import ClientSession

from backend.adapters.simulators.run import (
    ANY_FREE_PORTS,
    Simulators,
    Variations,
    running_simulators,
)
from backend.adapters.simulators.sms.reports import Pacing
from backend.kernel.clock import system_clock


class MovableClock:
    """Shows the machine's time until a test moves it."""

    def __init__(self) -> None:
        """Start in the present."""
        self.ahead_seconds = 0.0

    def __call__(self) -> datetime:
        """Tell the present, moved by `ahead_seconds`."""
        return datetime.fromtimestamp(
            system_clock().timestamp() + self.ahead_seconds, tz=system_clock().tzinfo
        )


class Control:
    """A client of one simulator's control API."""

    def __init__(self, http: ClientSession, url: str) -> None:
        """Speak to the simulator whose control API is at `url`."""
        self._http = http
        self._url = url

    async def summary(self) -> dict[str, object]:
        """Fetch the counts."""
        async with self._http.get(f"{self._url}/_control/summary") as answer:
            assert answer.status == 200
            found: dict[str, object] = await answer.json()
            return found

    async def messages(self, **query: str) -> list[dict[str, object]]:
        """Fetch recorded messages."""
        async with self._http.get(f"{self._url}/_control/messages", params=query) as answer:
            assert answer.status == 200
            found: list[dict[str, object]] = (await answer.json())["messages"]
            return found

    async def behave(self, **behaviour: object) -> None:
        """Order a behaviour."""
        async with self._http.put(f"{self._url}/_control/behaviour", json=behaviour) as answer:
            assert answer.status == 200, await answer.text()

    async def make(self, what: str, **order: object) -> list[object]:
        """Have tokens or subscriptions made."""
        async with self._http.post(f"{self._url}/_control/{what}", json=order) as answer:
            assert answer.status == 200, await answer.text()
            made: list[object] = (await answer.json())[what]
            return made


@pytest.fixture(scope="session")
def kept_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Name one directory for the session: making its RSA key takes a while."""
    return tmp_path_factory.mktemp("simulators")


@pytest.fixture
def clock() -> MovableClock:
    """Give the simulators' clock."""
    return MovableClock()


@pytest.fixture
async def simulators(kept_directory: Path, clock: MovableClock) -> AsyncGenerator[Simulators]:
    """Run all four on free ports."""
    pacing = Pacing(pause_seconds=0.01, longest_pause_seconds=0.05)
    variations = Variations(clock=clock, pacing=pacing)
    async with running_simulators(ANY_FREE_PORTS, kept_directory, variations=variations) as running:
        yield running


@pytest.fixture
async def http() -> AsyncGenerator[ClientSession]:
    """Give an HTTP client."""
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
    """Control the mail simulator."""
    return Control(http, simulators.smtp.control_url)


@pytest.fixture
def sms_control(http: ClientSession, simulators: Simulators) -> Control:
    """Control the SMS simulator."""
    return Control(http, simulators.sms.url)


@pytest.fixture
def service_account(simulators: Simulators) -> Mapping[str, str]:
    """Read the file a sender is given."""
    account: Mapping[str, str] = json.loads(simulators.fcm.service_account.read_text())
    return account
