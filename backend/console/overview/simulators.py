"""What each simulator says it received, asked of its control API."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from aiohttp import ClientError, ClientSession, ClientTimeout
from msgspec import Struct

from backend.kernel.settings.sending import Simulators

LOOPBACK = "127.0.0.1"
PATIENCE = ClientTimeout(total=0.8)
"""A page that is looked at every two seconds does not wait for a simulator told to be slow."""


class Received(Struct, rename="camel", frozen=True):
    """A simulator's counts since it was last told to forget; only SMS sends receipts."""

    received: int
    distinct: int
    duplicates: int
    refused: int
    receipts_sent: int | None = None


@dataclass(frozen=True, slots=True)
class SimulatorAnswer:
    """A simulator by its name, with its counts; None when it did not answer."""

    name: str
    counts: Received | None


async def ask_simulators(ports: Simulators) -> Sequence[SimulatorAnswer]:
    """Ask all simulators at once; one that does not answer does not hinder the others."""
    controls = {
        "FCM": ports.fcm_port,
        "Web Push": ports.web_push_port,
        "SMTP": ports.smtp_control_port,
        "SMS": ports.sms_port,
    }
    async with ClientSession(timeout=PATIENCE) as http:
        asked = (_counts(http, port) for port in controls.values())
        answers = await asyncio.gather(*asked)
    return [SimulatorAnswer(*pair) for pair in zip(controls, answers, strict=True)]


async def _counts(http: ClientSession, port: int) -> Received | None:
    try:
        async with http.get(f"http://{LOOPBACK}:{port}/_control/summary") as answer:
            return msgspec.json.decode(await answer.read(), type=Received)
    except (ClientError, OSError, msgspec.DecodeError):
        return None
