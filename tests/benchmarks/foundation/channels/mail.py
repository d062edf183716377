"""E-mail: our sender, and the two SMTP clients with an `EmailMessage` a mail."""

import asyncio
import smtplib
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from email.message import EmailMessage
from email.utils import format_datetime

import aiosmtplib
from aiohttp import ClientSession

from backend.adapters.simulators.control_client import ControlClient
from backend.adapters.simulators.run import SmtpSimulator
from backend.kernel.clock import Clock
from backend.kernel.ids import new_id
from notifications.channels.email.smtp.sender import smtp_sender
from notifications.channels.ports import Endpoint, Outgoing
from tests.benchmarks.foundation.channels.load import (
    Line,
    Prepare,
    Way,
    by_sender,
    closing,
    measured_whole,
)
from tests.benchmarks.foundation.ground import Ground

MESSAGES = 2_000
RIVALS_MESSAGES = 400
ADDRESSES = 1_000
CHUNK = 50
CONNECTIONS = 8
"""As the product opens by default."""
SENDER = "novads@example.org"
STOCK = "smtplib, EmailMessage, one connection"


@asynccontextmanager
async def mail_line(ground: Ground, http: ClientSession) -> AsyncGenerator[Line]:
    """Open our sender on the simulator."""
    relay, clock = ground.place.simulators.at.smtp, ground.clock
    sender = smtp_sender(
        relay.host,
        relay.port,
        sender_address=SENDER,
        sender_name="Novads",
        connections=CONNECTIONS,
    )
    addresses = (f"iedzivotajs{number}@example.invalid" for number in range(ADDRESSES))
    async with closing(sender):
        yield Line(
            name="SMTP",
            text="inbox",
            endpoints=[Endpoint(new_id(), address) for address in addresses],
            control=ControlClient(http, relay.control_url),
            ours=Way("ours", MESSAGES, by_sender(sender, CHUNK)),
            rivals=[
                Way(STOCK, RIVALS_MESSAGES, _standard_library(relay, clock)),
                Way(
                    "aiosmtplib, EmailMessage, one connection", RIVALS_MESSAGES, _kept(relay, clock)
                ),
                Way(
                    "aiosmtplib.send, a connection a mail",
                    RIVALS_MESSAGES,
                    _documented(relay, clock),
                ),
            ],
            stock=STOCK,
        )


def _mail(item: Outgoing, clock: Clock) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = f"Novads <{SENDER}>"
    mail["To"] = item.endpoints[0].value
    mail["Subject"] = item.title
    mail["Date"] = format_datetime(clock())
    mail["Message-ID"] = f"<{item.message_id}@example.org>"
    mail["X-Novads-Message-Id"] = str(item.message_id)
    mail.set_content(f"{item.body}\n\n{item.link}\n")
    return mail


def _standard_library(relay: SmtpSimulator, clock: Clock) -> Prepare:
    def walk(items: Sequence[Outgoing]) -> None:
        with smtplib.SMTP(relay.host, relay.port, local_hostname="example.org") as client:
            for item in items:
                client.send_message(_mail(item, clock))

    async def send(items: Sequence[Outgoing]) -> None:
        await asyncio.to_thread(walk, items)

    return measured_whole(send)


def _kept(relay: SmtpSimulator, clock: Clock) -> Prepare:
    async def send(items: Sequence[Outgoing]) -> None:
        async with aiosmtplib.SMTP(
            hostname=relay.host, port=relay.port, local_hostname="example.org"
        ) as client:
            for item in items:
                await client.send_message(_mail(item, clock))

    return measured_whole(send)


def _documented(relay: SmtpSimulator, clock: Clock) -> Prepare:
    async def send(items: Sequence[Outgoing]) -> None:
        for item in items:
            await aiosmtplib.send(
                _mail(item, clock),
                hostname=relay.host,
                port=relay.port,
                local_hostname="example.org",
            )

    return measured_whole(send)
