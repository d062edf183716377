"""A town whose campaign the page shows, and visitors of deployments with other settings."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from httpx import ASGITransport, AsyncClient

from backend.adapters.simulators.run import Simulators
from backend.app.context import AppContext
from backend.app.main import build_app
from backend.kernel.clock import Clock
from backend.kernel.db import Database
from backend.kernel.settings import Settings, load_settings
from tests.notifications.hub.conftest import engine, simulators, simulators_directory, town

__all__ = ["engine", "simulators", "simulators_directory", "town"]

Visit = Callable[..., Awaitable[AsyncClient]]
"""Gives a client of a deployment with other settings; `database` may be another one."""


@pytest.fixture
def ports(simulators: Simulators) -> Mapping[str, str]:
    """Name the ports of the running simulators as the environment would."""
    found = {
        "FCM": simulators.fcm.url,
        "WEB_PUSH": simulators.web_push.url,
        "SMTP_CONTROL": simulators.smtp.control_url,
        "SMS": simulators.sms.url,
    }
    return {f"NOVADS_SIMULATOR_{name}_PORT": url.rsplit(":")[-1] for name, url in found.items()}


@pytest.fixture
def settings(tmp_path: Path, ports: Mapping[str, str]) -> Settings:
    """Give development settings that know the running simulators."""
    return load_settings({"NOVADS_VAR": str(tmp_path), **ports})


@pytest.fixture
async def visit(
    tmp_path: Path, ports: Mapping[str, str], database: Database, clock: Clock
) -> AsyncGenerator[Visit]:
    """Give the way to visit the same data under other settings."""
    async with AsyncExitStack() as stack:

        async def open_client(*, store: Database = database, **environ: str) -> AsyncClient:
            settings = load_settings({"NOVADS_VAR": str(tmp_path), **ports, **environ})
            app = build_app(AppContext(settings, store, settings.vault(), clock))
            transport = ASGITransport(app)  # type: ignore[arg-type] # Litestar names its scopes more narrowly
            client = AsyncClient(transport=transport, base_url="http://testserver")
            return await stack.enter_async_context(client)

        yield open_client
