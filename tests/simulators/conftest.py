"""Running simulators, and clients of their control APIs."""

import json
from collections.abc import AsyncGenerator, Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession

from backend.adapters.simulators.control_client import ControlClient
from backend.adapters.simulators.run import (
    ANY_FREE_PORTS,
    Simulators,
    Variations,
    running_simulators,
)
from backend.adapters.simulators.sms.reports import Pacing
from backend.kernel.clock import Clock, system_clock


@pytest.fixture(scope="session")
def kept_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Name one directory for the session: making its RSA key takes a while."""
    return tmp_path_factory.mktemp("simulators")


@pytest.fixture
def lead() -> list[timedelta]:
    """Keep by how much the simulators' clock is ahead."""
    return []


@pytest.fixture
def clock(lead: list[timedelta]) -> Clock:
    """Give the simulators' clock."""

    def telling() -> datetime:
        return system_clock() + sum(lead, timedelta())

    return telling


@pytest.fixture
def advance(lead: list[timedelta]) -> Callable[[float], None]:
    """Move the simulators' clock by seconds."""
    return lambda seconds: lead.append(timedelta(seconds=seconds))


@pytest.fixture
async def simulators(kept_directory: Path, clock: Clock) -> AsyncGenerator[Simulators]:
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
def fcm_control(http: ClientSession, simulators: Simulators) -> ControlClient:
    """Control the FCM simulator."""
    return ControlClient(http, simulators.fcm.url)


@pytest.fixture
def web_push_control(http: ClientSession, simulators: Simulators) -> ControlClient:
    """Control the Web Push simulator."""
    return ControlClient(http, simulators.web_push.url)


@pytest.fixture
def smtp_control(http: ClientSession, simulators: Simulators) -> ControlClient:
    """Control the mail simulator."""
    return ControlClient(http, simulators.smtp.control_url)


@pytest.fixture
def sms_control(http: ClientSession, simulators: Simulators) -> ControlClient:
    """Control the SMS simulator."""
    return ControlClient(http, simulators.sms.url)


@pytest.fixture
def service_account(simulators: Simulators) -> Mapping[str, str]:
    """Read the file a sender is given."""
    account: Mapping[str, str] = json.loads(simulators.fcm.service_account.read_text())
    return account
