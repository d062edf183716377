"""Ports of this machine: free, taken, answering."""

import asyncio
import socket
from dataclasses import dataclass

from backend.kernel.settings import Settings

POLL_SECONDS = 0.05
ANSWER_SECONDS = 1.0
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class NamedPort:
    """A port with the variable that chooses it."""

    variable: str
    purpose: str
    host: str
    port: int


class PortTaken(Exception):
    """Another program listens on a port we need; the message says how to choose another."""

    def __init__(self, wanted: NamedPort) -> None:
        """Name the port, what it is for, and its variable."""
        super().__init__(
            f"port {wanted.port} on {wanted.host} is taken by another program, and {wanted.purpose} "
            f"needs it; choose another with {wanted.variable}, for example "
            f"{wanted.variable}={wanted.port + 1000}"
        )


def api_port(settings: Settings) -> NamedPort:
    """Give the port of the API."""
    return NamedPort("NOVADS_PORT", "the API", settings.server.host, settings.server.port)


def simulator_ports(settings: Settings) -> tuple[NamedPort, ...]:
    """List the simulators' ports."""
    simulators = settings.simulators
    return (
        _simulator("FCM", simulators.fcm_port, "FCM simulator"),
        _simulator("WEB_PUSH", simulators.web_push_port, "Web Push simulator"),
        _simulator("SMTP", simulators.smtp_port, "SMTP simulator"),
        _simulator("SMTP_CONTROL", simulators.smtp_control_port, "SMTP simulator's control API"),
        _simulator("SMS", simulators.sms_port, "SMS simulator"),
    )


def is_free(host: str, port: int) -> bool:
    """Tell whether we could listen on the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As servers do it: a port whose last connections are just closing is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def require_free(*wanted: NamedPort) -> None:
    """Check that all ports are free.

    Raises:
        PortTaken: the first that is not.
    """
    for each in wanted:
        if not is_free(each.host, each.port):
            raise PortTaken(each)


async def answers(host: str, port: int) -> bool:
    """Tell whether somebody listens on the port."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.close()
    return True


async def until_answering(*wanted: NamedPort) -> None:
    """Wait until somebody listens on each port; cancel it to give up."""
    for each in wanted:
        host = LOOPBACK if each.host in {"0.0.0.0", "::"} else each.host  # noqa: S104 - compared
        while not await answers(host, each.port):  # noqa: ASYNC110 - foreign processes set no event
            await asyncio.sleep(POLL_SECONDS)


def _simulator(suffix: str, port: int, purpose: str) -> NamedPort:
    return NamedPort(f"NOVADS_SIMULATOR_{suffix}_PORT", f"the {purpose}", LOOPBACK, port)
