"""Running all four simulators in one event loop."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from backend.adapters.simulators.control import ControlApi
from backend.adapters.simulators.core import Core
from backend.adapters.simulators.fcm.api import FcmApi
from backend.adapters.simulators.fcm.oauth import TokenEndpoint
from backend.adapters.simulators.fcm.service_account import service_account_in
from backend.adapters.simulators.fcm.tokens import Registrations
from backend.adapters.simulators.mint import Mint, mint_kept_in
from backend.adapters.simulators.serving import listening, origin, serving
from backend.adapters.simulators.sms.api import SmsApi
from backend.adapters.simulators.sms.reports import Pacing, Reports
from backend.adapters.simulators.smtp.listener import receiving_mail
from backend.adapters.simulators.smtp.mailbox import Mailbox
from backend.adapters.simulators.web_push.api import WebPushApi
from backend.adapters.simulators.web_push.subscriptions import Subscriptions
from backend.adapters.simulators.web_push.vapid import VapidCheck
from backend.kernel.clock import Clock, system_clock

LOOPBACK = "127.0.0.1"
SMS_KEY = "novads-simulator-sms-key"  # known to everyone: it opens nothing but a simulator


@dataclass(frozen=True, slots=True)
class SimulatorPorts:
    """Where each simulator listens; 0 is any free port."""

    fcm: int = 8101
    web_push: int = 8102
    smtp: int = 8103
    smtp_control: int = 8113
    sms: int = 8104


ANY_FREE_PORTS = SimulatorPorts(fcm=0, web_push=0, smtp=0, smtp_control=0, sms=0)


@dataclass(frozen=True, slots=True)
class Variations:
    """What tests and demonstrations change: the clock, lifetimes, keys, the pace of reports."""

    clock: Clock = system_clock
    access_token_seconds: int = 3600
    sms_key: str = SMS_KEY
    pacing: Pacing = field(default_factory=Pacing)


@dataclass(frozen=True, slots=True)
class FcmSimulator:
    """Where FCM answers, and the file its senders are given."""

    url: str
    service_account: Path
    project_id: str


@dataclass(frozen=True, slots=True)
class WebPushSimulator:
    """Where the push service answers."""

    url: str


@dataclass(frozen=True, slots=True)
class SmtpSimulator:
    """Where mail is taken, and where it can be read."""

    host: str
    port: int
    control_url: str


@dataclass(frozen=True, slots=True)
class SmsSimulator:
    """Where the gateway answers, and the key it wants."""

    url: str
    key: str


@dataclass(frozen=True, slots=True)
class Simulators:
    """All four, running."""

    fcm: FcmSimulator
    web_push: WebPushSimulator
    smtp: SmtpSimulator
    sms: SmsSimulator


@asynccontextmanager
async def running_simulators(
    ports: SimulatorPorts,
    directory: Path,
    host: str = LOOPBACK,
    variations: Variations | None = None,
) -> AsyncGenerator[Simulators]:
    """Run the simulators for the time of the block.

    `directory` keeps `fcm-service-account.json` and a secret, so that the tokens and
    subscriptions made under it stay valid after a restart on the same ports.

    Raises:
        PortTaken: another program listens on one of the ports.
    """
    chosen = variations or Variations()
    mint = mint_kept_in(directory)
    async with AsyncExitStack() as stack:
        yield Simulators(
            fcm=await _fcm(stack, host, ports.fcm, mint, directory, chosen),
            web_push=await _web_push(stack, host, ports.web_push, mint, chosen),
            smtp=await _smtp(stack, host, ports, chosen),
            sms=await _sms(stack, host, ports.sms, chosen),
        )


async def serve_simulators(
    ports: SimulatorPorts, directory: Path, host: str, stop: asyncio.Event
) -> None:
    """Run the simulators until `stop` is set.

    Raises:
        PortTaken: another program listens on one of the ports.
    """
    async with running_simulators(ports, directory, host):
        await stop.wait()


async def _fcm(
    stack: AsyncExitStack, host: str, port: int, mint: Mint, directory: Path, chosen: Variations
) -> FcmSimulator:
    listener = stack.enter_context(listening("FCM", host, port))
    url = origin(listener)
    account = service_account_in(directory, token_uri=f"{url}/token")
    tokens = TokenEndpoint(account, chosen.clock, lifetime_seconds=chosen.access_token_seconds)
    api = FcmApi(Core("fcm", chosen.clock), account, tokens, Registrations(mint))
    await stack.enter_async_context(serving(_application(api.routes()), listener))
    return FcmSimulator(url, account.path, account.project_id)


async def _web_push(
    stack: AsyncExitStack, host: str, port: int, mint: Mint, chosen: Variations
) -> WebPushSimulator:
    listener = stack.enter_context(listening("Web Push", host, port))
    url = origin(listener)
    vapid = VapidCheck(url, chosen.clock)
    api = WebPushApi(Core("web_push", chosen.clock), url, Subscriptions(mint), vapid)
    await stack.enter_async_context(serving(_application(api.routes()), listener))
    return WebPushSimulator(url)


async def _smtp(
    stack: AsyncExitStack, host: str, ports: SimulatorPorts, chosen: Variations
) -> SmtpSimulator:
    core = Core("smtp", chosen.clock)
    mail = stack.enter_context(listening("SMTP", host, ports.smtp))
    control = stack.enter_context(listening("SMTP control", host, ports.smtp_control))
    mail_host, mail_port = mail.getsockname()[:2]
    await stack.enter_async_context(receiving_mail(Mailbox(core), mail))
    await stack.enter_async_context(serving(_application(ControlApi(core).routes()), control))
    return SmtpSimulator(mail_host, mail_port, origin(control))


async def _sms(stack: AsyncExitStack, host: str, port: int, chosen: Variations) -> SmsSimulator:
    core = Core("sms", chosen.clock)
    reports = Reports(chosen.pacing)
    api = SmsApi(core, chosen.sms_key, reports)
    core.extra, core.on_forget = api.figures, api.forget
    listener = stack.enter_context(listening("SMS", host, port))
    await stack.enter_async_context(reports.sending())
    await stack.enter_async_context(serving(_application(api.routes()), listener))
    return SmsSimulator(origin(listener), chosen.sms_key)


def _application(routes: Sequence[web.RouteDef]) -> web.Application:
    application = web.Application()
    application.add_routes(routes)
    return application
