"""Ports for servers of the tests."""

import random
import socket
from collections.abc import Mapping

HOST = "127.0.0.1"
NAMES = (
    "port",
    "simulator_fcm_port",
    "simulator_web_push_port",
    "simulator_smtp_port",
    "simulator_smtp_control_port",
    "simulator_sms_port",
)
BELOW_THE_EPHEMERAL = range(20_000, 32_000)
"""The kernel gives these to nobody by itself, so a port stays free until its server starts."""


def free_ports() -> Mapping[str, int]:
    """Find a free port for the API and for every simulator, by the names of their settings."""
    chance = random.SystemRandom()
    found: dict[str, int] = {}
    while len(found) < len(NAMES):
        port = chance.choice(BELOW_THE_EPHEMERAL)
        if port not in found.values() and is_free(port):
            found[NAMES[len(found)]] = port
    return found


def is_free(port: int) -> bool:
    """Tell whether nobody listens on a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
