"""The town, its worker, and the simulators that stand for the providers."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession
from httpx import AsyncClient

from backend.adapters.simulators.control_client import ControlClient
from backend.adapters.simulators.run import (
    ANY_FREE_PORTS,
    Simulators,
    Variations,
    running_simulators,
)
from backend.kernel.db import Database
from backend.kernel.personal_data import Vault
from backend.kernel.principals import PrincipalKind
from backend.kernel.settings import Settings
from backend.worker.handlers import outbox_handlers
from backend.worker.loops import dispatch_one
from notifications.channels.email.smtp.sender import smtp_sender
from notifications.channels.ports import Channel
from notifications.channels.push.fcm.sender import fcm_sender
from notifications.channels.sms.http_gateway.sender import http_gateway_sender
from notifications.channels.web_push.vapid.keys import generate_vapid_key
from notifications.channels.web_push.vapid.sender import vapid_sender
from notifications.configured import writer_of
from notifications.delivery.engine import Engine
from notifications.receipts.service import fold_receipts
from tests.drivers.clock import SteeredClock
from tests.drivers.people import ROPAZI, SignIn
from tests.groups.community import Registry
from tests.notifications.hub.town import Town

NOBODY = "http://127.0.0.1:9/ingest/v1/sms-receipts"
"""Reports go nowhere: the tests deliver them by hand, in the order they want."""


@pytest.fixture(scope="session")
def simulators_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Name one directory for the session: making its RSA key takes a while."""
    return tmp_path_factory.mktemp("hub-simulators")


@pytest.fixture
async def simulators(simulators_directory: Path, clock: SteeredClock) -> AsyncGenerator[Simulators]:
    """Run all simulators on free ports, by the test's clock, so that no test depends on the date.

    FCM's goes by the machine's: Google's library signs its assertions by that.
    """
    others, steered = simulators_directory / "others", Variations(clock=clock)
    async with (
        running_simulators(ANY_FREE_PORTS, simulators_directory) as real,
        running_simulators(ANY_FREE_PORTS, others, variations=steered) as running,
    ):
        yield replace(running, fcm=real.fcm)


@pytest.fixture
async def engine(
    simulators: Simulators,
    database: Database,
    vault: Vault,
    settings: Settings,
    clock: SteeredClock,
) -> AsyncGenerator[Engine]:
    """Give the delivery engine with real clients of the simulators."""
    smtp = simulators.smtp
    senders = {
        Channel.PUSH: fcm_sender(
            simulators.fcm.service_account, endpoint=simulators.fcm.url, concurrency=10, clock=clock
        ),
        Channel.WEB_PUSH: vapid_sender(
            generate_vapid_key(),
            contact="mailto:a@example.lv",
            concurrency=10,
            allow_private=True,
            clock=clock,
        ),
        Channel.EMAIL: smtp_sender(
            smtp.host,
            smtp.port,
            sender_address="n@example.lv",
            sender_name="N",
            connections=2,
            clock=clock,
        ),
        Channel.SMS: http_gateway_sender(
            simulators.sms.url,
            api_key=simulators.sms.key,
            originator="NOVADS",
            report_url=NOBODY,
            concurrency=10,
            clock=clock,
        ),
    }
    writer, lease = writer_of(settings), timedelta(seconds=60)
    yield Engine(database, (ROPAZI,), senders, vault, clock, writer, lease)
    for sender in senders.values():
        await sender.close()


@pytest.fixture
async def town(
    app_client: AsyncClient,
    database: Database,
    vault: Vault,
    settings: Settings,
    clock: SteeredClock,
    sign_in: SignIn,
    engine: Engine,
    simulators: Simulators,
) -> AsyncGenerator[Town]:
    """Give a town of three residents, a group of all of them, and its staff."""

    async def fold() -> int:
        return await fold_receipts(database, (ROPAZI,), clock())

    handlers = outbox_handlers(settings, clock)
    urls = {
        Channel.PUSH: simulators.fcm.url,
        Channel.WEB_PUSH: simulators.web_push.url,
        Channel.EMAIL: simulators.smtp.control_url,
        Channel.SMS: simulators.sms.url,
    }
    async with ClientSession() as http:
        town = Town(
            client=app_client,
            database=database,
            vault=vault,
            clock=clock,
            sign_in=sign_in,
            registry=Registry(database),
            communicator=await sign_in(PrincipalKind.STAFF, ["communicator"]),
            approver=await sign_in(PrincipalKind.STAFF, ["approver"]),
            engine=engine,
            dispatch=dispatch_one(database, (ROPAZI,), handlers, clock),
            fold=fold,
            controls={channel: ControlClient(http, url) for channel, url in urls.items()},
        )
        await town.settle(3)
        await town.make_group()
        yield town
